import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'
import type { S3Client } from '@aws-sdk/client-s3'
import { AppError } from '../../../../protocol/errors.ts'
import { checkTogether } from '../../../../protocol/settings-together.ts'
import { howToRenew, originOf } from '../../../config/renew-credentials.ts'
import { budgets } from '../../../kernel/budgets.ts'
import { type ProxyLogin, proxyVariables } from '../../../network/proxy-variables.ts'
import type { ProxyVariables } from '../../../network/route.ts'
import { readTrustedWithin } from '../../../platform/files/read-within.ts'
import type { CredentialProvider, CredentialSource } from '../credentials/credential-source.ts'
import { createAgents } from './agents.ts'
import { largeBytes } from './body.ts'
import { createDialect, type Dialect, type Dialects } from './dialect.ts'
import type { MultipartProgress } from './ports.ts'
import type { S3Settings } from './settings.ts'
import { type MostReply, s3Transport } from './transport.ts'
import type { Pace } from './upload-progress.ts'

export type S3World = {
  /**
   * undefined: the SDK looks for them where all AWS tools do. Asked again after a bucket refused the last ones.
   * `source.transport` is how services that lend credentials are to be reached.
   */
  credentials(source: CredentialSource): Promise<CredentialProvider | undefined>
  /** For the proxy of the settings; undefined when it wants none. */
  proxyLogin(): Promise<ProxyLogin | undefined>
  uploads: MultipartProgress
  /** undefined: what a server refuses is found out again by every tracker. */
  dialects?: Dialects
  /** For HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, which the SDK does not know. */
  env: ProxyVariables
  pace?: Pace
  connectMs?: number
  stallMs?: number
  /** undefined: no answer is larger than those to uploads. */
  mostReply?: MostReply
}

/** What reaching a bucket takes, for any request. */
export type S3Access = Pick<
  S3World,
  'credentials' | 'proxyLogin' | 'env' | 'connectMs' | 'dialects' | 'mostReply'
>

export type Connection = {
  sdk: Sdk
  client: S3Client
  transport: ReturnType<typeof s3Transport>
  proxyEnv: ProxyVariables
  /** How to renew the credentials that were used last, and whether they had an end that has passed. */
  renewal(): Renewal
  /** What the server takes beside an upload. */
  dialect: Dialect
  /** Bodies of this size and more wait for leave to be sent. */
  asksFrom: number
}
export type Renewal = { how: string; over: boolean }
type Sdk = typeof import('@aws-sdk/client-s3')

/** @throws AppError SETTING_INVALID | FILE_UNREADABLE | CA_FILE_INVALID | KEYCHAIN_UNAVAILABLE | UPLOAD_NO_CREDENTIALS */
export async function connect(
  settings: S3Settings,
  world: S3Access,
  dialect = createDialect(settings, world.dialects),
): Promise<Connection> {
  checkTogether(settings)
  const { region, endpoint, proxy, ca_file, credentials: from, credentials_profile: profile } = settings
  // 35 MB that a folder destination does not need.
  const sdk = await import('@aws-sdk/client-s3')
  const login = proxy === '' ? undefined : await world.proxyLogin()
  const proxyEnv = proxyVariables(proxy, login, world.env)
  const connectMs = world.connectMs ?? 10_000
  const ca =
    ca_file === '' ? undefined : [...getCACertificates('default'), ...(await readCertificates(ca_file))]
  const transport = s3Transport(createAgents(proxyEnv, ca, connectMs), connectMs, world.mostReply)
  const credentials = await world.credentials({ from, profile, region, transport })
  let used: Awaited<ReturnType<CredentialProvider>> | undefined
  const noted =
    credentials &&
    (async () => {
      used = await credentials()
      return used
    })
  const client = new sdk.S3Client({
    region,
    ...(endpoint !== '' && { endpoint, forcePathStyle: true }),
    ignoreConfiguredEndpointUrls: true,
    ...(noted && { credentials: noted }),
    maxAttempts: 1,
    requestHandler: transport,
    // Our own checksum is sent. The SDK's would need a trailer behind the body, which many servers refuse.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Asked for by ourselves, in s3-body.ts.
    expectContinueHeader: false,
    logger: silent,
  })
  const renewal = () => ({
    how: howToRenew(originOf(used?.$source), profile || world.env.AWS_PROFILE),
    over: used?.expiration !== undefined && used.expiration.getTime() < Date.now(),
  })
  return { sdk, client, transport, proxyEnv, renewal, dialect, asksFrom: largeBytes }
}

/** The SDK would tell the console of every failed request. */
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** @throws AppError FILE_UNREADABLE | CA_FILE_INVALID */
export async function readCertificates(path: string): Promise<string[]> {
  const pem = readBundle(path)
  const blocks =
    pem.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (TRUSTED )?CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new AppError('CA_FILE_INVALID', { detail: path })
  try {
    for (const block of blocks) new X509Certificate(block)
  } catch (cause) {
    throw new AppError('CA_FILE_INVALID', { detail: path, cause })
  }
  return blocks
}

function readBundle(path: string): string {
  try {
    return readTrustedWithin(path, budgets.certificateFile.most).toString()
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('FILE_UNREADABLE', { detail: path, cause })
  }
}
