import { AppError } from '../../../protocol/errors.ts'
import type { Settings } from '../../../protocol/settings.ts'
import type { Credentials } from '../../core/import-config.ts'
import type { ProxyLogin } from '../../core/proxy-variables.ts'
import { credentialsFile } from './credentials-file.ts'
import { keychain } from './keychain.ts'
import type { s3Transport } from './s3-transport.ts'

/** What the settings say, and how services that lend credentials are reached. */
export type CredentialSource = {
  from: Settings['credentials']
  /** Empty: AWS_PROFILE or default. */
  profile: string
  region: string
  transport: ReturnType<typeof s3Transport>
}

export type CredentialProvider = () => Promise<{
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}>

/** One row for each choice of the setting. What is not chosen is not even loaded. */
const sources: Record<
  Settings['credentials'],
  (source: CredentialSource, file: string) => Promise<CredentialProvider>
> = {
  async automatic(source, file) {
    const stored = credentialsFile(file)
    if ((await stored.read('s3')) !== undefined) return reading(() => stored.read('s3'))
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
    return defaultProvider(optionsOf(source))
  },
  async environment() {
    const { fromEnv } = await import('@aws-sdk/credential-provider-env')
    return fromEnv()
  },
  async profile(source) {
    const { fromIni } = await import('@aws-sdk/credential-provider-ini')
    return fromIni(optionsOf(source))
  },
  async sso(source) {
    const { fromSSO } = await import('@aws-sdk/credential-provider-sso')
    return fromSSO(optionsOf(source))
  },
  async process(source) {
    const { fromProcess } = await import('@aws-sdk/credential-provider-process')
    return fromProcess(optionsOf(source))
  },
  async keychain() {
    return reading(() => keychain.read('s3'))
  },
}

/** @param file where imported credentials are */
export function openCredentials(source: CredentialSource, file: string): Promise<CredentialProvider> {
  return sources[source.from](source, file)
}

function optionsOf({ profile, region, transport }: CredentialSource) {
  return {
    ...(profile !== '' && { profile }),
    // The files of the AWS tools may have been corrected since the last look.
    ignoreCache: true,
    clientConfig: { region, requestHandler: transport },
  }
}

/** How long what was read counts, so that new credentials are used without a restart. The SDK asks 5 min before. */
const freshMs = 15 * 60_000

function reading(read: () => Promise<Credentials | undefined>): CredentialProvider {
  return async () => {
    const found = await read()
    // The name by which the SDK's own sources say it.
    if (!found) throw Object.assign(new Error('none are stored'), { name: 'CredentialsProviderError' })
    const { accessKeyId, secretAccessKey, sessionToken } = found
    return {
      accessKeyId,
      secretAccessKey: secretAccessKey.reveal(),
      ...(sessionToken && { sessionToken: sessionToken.reveal() }),
      expiration: new Date(Date.now() + freshMs),
    }
  }
}

/** undefined when none is kept; a keychain that is not there has none. @throws AppError UPLOAD_NO_CREDENTIALS */
export async function findProxyLogin(file: string): Promise<ProxyLogin | undefined> {
  try {
    return (await credentialsFile(file).read('proxy')) ?? (await keychain.read('proxy'))
  } catch (error) {
    if (error instanceof AppError && error.code === 'KEYCHAIN_UNAVAILABLE') return undefined
    throw error
  }
}
