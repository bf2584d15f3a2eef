import { AppError } from '../../../../protocol/errors.ts'
import type { Settings } from '../../../../protocol/settings.ts'
import type { Credentials } from '../../../config/import-config.ts'
import { type CredentialOrigin, howToRenew } from '../../../config/renew-credentials.ts'
import type { ProxyLogin } from '../../../network/proxy-variables.ts'
import { boundLentReplies } from '../s3/lent-replies.ts'
import type { s3Transport } from '../s3/transport.ts'
import { checkAwsFiles } from './aws-files.ts'
import { sayingWhoWaits, startCredentialProcessesOurWay } from './credential-process.ts'
import { credentialsFile } from './credentials-file.ts'
import { keychain } from './keychain.ts'

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
  /** Marks of the SDK that say where it found them. */
  $source?: object
}>

/** One row for each choice of the setting. What is not chosen is not even loaded. */
const sources: Record<
  Settings['credentials'],
  (source: CredentialSource, file: string) => Promise<CredentialProvider>
> = {
  async automatic(source, file) {
    const stored = credentialsFile(file)
    if ((await stored.read('s3')) !== undefined) return reading('KEPT_IN_FILE', () => stored.read('s3'))
    await prepareOthers()
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
    return sayingExpired(source, options => defaultProvider(options))
  },
  async environment() {
    const { fromEnv } = await import('@aws-sdk/credential-provider-env')
    return fromEnv()
  },
  async profile(source) {
    await prepareOthers()
    const { fromIni } = await import('@aws-sdk/credential-provider-ini')
    return sayingExpired(source, options => fromIni(options))
  },
  async sso(source) {
    const { fromSSO } = await import('@aws-sdk/credential-provider-sso')
    return sayingExpired(source, options => fromSSO(options))
  },
  async process(source) {
    await prepareOthers()
    const { fromProcess } = await import('@aws-sdk/credential-provider-process')
    return sayingExpired(source, options => fromProcess(options))
  },
  async keychain() {
    return reading('KEPT_IN_KEYCHAIN', () => keychain.read('s3'))
  },
}

/** Before a source that may start a program or ask a service. */
async function prepareOthers(): Promise<void> {
  boundLentReplies()
  await startCredentialProcessesOurWay()
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
    clientConfig: { region, requestHandler: transport, ignoreConfiguredEndpointUrls: true },
  }
}

/** In the words of the SDK, of AWS's service for single sign-on, and of most programs; and what they then speak of. */
const expiredWords = /expired|re-?authenticate|aws sso login|Session token not found or invalid/i
const speaksOf: [words: RegExp, origin: CredentialOrigin][] = [
  [/credential_process|Command failed/, 'process'],
  [/aws sso login|Session token not found or invalid/i, 'sso'],
  [/re-?authenticate/i, 'login'],
]

/**
 * The SDK says of everything that it found no credentials, and only its sentences say why; where one source of several
 * fails, only its log has the sentence. None of them is shown: a program may have written anything into it.
 */
function sayingExpired(
  source: CredentialSource,
  open: (options: ReturnType<typeof optionsOf> & { logger: SdkLogger }) => CredentialProvider,
): CredentialProvider {
  let sentence: string | undefined
  const hear = (said: unknown) => {
    if (expiredWords.test(String(said))) sentence ??= String(said)
  }
  const provider = open({
    ...optionsOf(source),
    logger: { debug: hear, info: hear, warn: hear, error: hear },
  })
  return async () => {
    sentence = undefined
    checkAwsFiles(process.env)
    try {
      return await sayingWhoWaits(provider)
    } catch (cause) {
      if (cause instanceof AppError) throw cause
      hear(cause)
      if (sentence === undefined) throw cause
      const said: string = sentence
      const origin = speaksOf.find(([words]) => words.test(said))?.[1] ?? source.from
      throw new AppError('UPLOAD_CREDENTIALS_EXPIRED', {
        detail: howToRenew(origin, source.profile || process.env.AWS_PROFILE),
        cause,
      })
    }
  }
}

type SdkLogger = Record<'debug' | 'info' | 'warn' | 'error', (said?: unknown) => void>

/** How long what was read counts, so that new credentials are used without a restart. The SDK asks 5 min before. */
const freshMs = 15 * 60_000

function reading(mark: string, read: () => Promise<Credentials | undefined>): CredentialProvider {
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
      $source: { [mark]: true },
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
