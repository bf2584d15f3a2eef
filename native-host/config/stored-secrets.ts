import { Secret } from '../kernel/secret.ts'
import type { ProxyLogin } from '../network/proxy-variables.ts'
import type { Credentials } from './import-config.ts'

/** The secrets that the tracker stores: credentials of the bucket, and the login of a proxy. */
export type StoredSecrets = { s3: Credentials; proxy: ProxyLogin }
export type SecretName = keyof StoredSecrets

export type SecretStore = {
  /**
   * undefined when there is none. @throws AppError KEYCHAIN_UNAVAILABLE | UPLOAD_NO_CREDENTIALS when it is
   * malformed
   */
  read<N extends SecretName>(name: N): Promise<StoredSecrets[N] | undefined>
  /** @throws AppError KEYCHAIN_UNAVAILABLE | DISK_FULL | STORE_NOT_WRITABLE */
  write<N extends SecretName>(name: N, value: StoredSecrets[N]): Promise<void>
  /** Whether there was one. @throws AppError KEYCHAIN_UNAVAILABLE | DISK_FULL | STORE_NOT_WRITABLE */
  forget(name: SecretName): Promise<boolean>
}

export type SecretForm<T> = {
  /**
   * By the names of AWS's shared credentials file. No longer hidden: write them only where no other user can
   * read.
   */
  reveal(value: T): Record<string, string>
  /** undefined when something is missing. */
  parse(field: (name: string) => string | undefined): T | undefined
}

export const secretForms: { [N in SecretName]: SecretForm<StoredSecrets[N]> } = {
  s3: {
    reveal: ({ accessKeyId, secretAccessKey, sessionToken }) => ({
      aws_access_key_id: accessKeyId,
      aws_secret_access_key: secretAccessKey.reveal(),
      ...(sessionToken && { aws_session_token: sessionToken.reveal() }),
    }),
    parse(field) {
      const accessKeyId = field('aws_access_key_id')
      const secretAccessKey = field('aws_secret_access_key')
      const sessionToken = field('aws_session_token')
      if (!accessKeyId || !secretAccessKey) return undefined
      return {
        accessKeyId,
        secretAccessKey: new Secret(secretAccessKey),
        ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
      }
    },
  },
  proxy: {
    // Encoded, because a password may hold what a line of a file cannot.
    reveal: ({ name, password }) => ({
      proxy_user: encodeURIComponent(name),
      proxy_password: encodeURIComponent(password.reveal()),
    }),
    parse(field) {
      const name = decoded(field('proxy_user'))
      const password = decoded(field('proxy_password'))
      return name === undefined || password === undefined
        ? undefined
        : { name, password: new Secret(password) }
    },
  },
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}
