import type { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import {
  isCredential,
  isPlaceholder,
  looksLikeSecret,
  orderOf,
  showKeyId,
} from '../config/credential-form.ts'
import { decodeText } from '../config/decode-text.ts'
import type { Credentials } from '../config/import-config.ts'
import type { SecretName, StoredSecrets } from '../config/stored-secrets.ts'
import { budgets } from '../kernel/budgets.ts'
import { Secret } from '../kernel/secret.ts'
import type { ProxyLogin } from '../network/proxy-variables.ts'
import type { CommandContext, Terminal } from './context.ts'
import { reporting } from './outcome.ts'
import { changeSettings } from './settings.ts'

type Options = { file?: true; proxy?: true }
type Place = 'keychain' | 'file'
const places: readonly Place[] = ['keychain', 'file']

export function addCredentials(program: Command, context: CommandContext): void {
  const credentials = program
    .command('credentials')
    .summary('keep credentials for the bucket on this computer')
    .description(
      'Keeps credentials in the keychain of the system or in a file, for who has none where the AWS tools look. ' +
        'Secrets are asked for, or read from the standard input, never given as arguments.',
    )
  addSet(credentials, context)
  addShow(credentials, context)
  addForget(credentials, context)
}

const proxyOption = ['--proxy', 'the user name and password for the proxy setting instead'] as const

function addSet(credentials: Command, context: CommandContext): void {
  credentials
    .command('set')
    .summary('ask for credentials and keep them')
    .description(
      'Asks for the access key id, the secret access key and a session token, or reads them from the standard input, ' +
        'each on a line of its own. They are kept in the keychain, and the credentials setting is changed so that they ' +
        'are used; a running tracker uses them within ten minutes.',
    )
    .option('--file', 'keep them in a file that only you can read, where there is no keychain')
    .option(...proxyOption)
    .action(
      reporting(context.terminal, async ({ file, proxy }: Options) => {
        const place = file ? 'file' : 'keychain'
        if (proxy) {
          await context.secrets[place].write('proxy', await askForLogin(context))
          return {
            json: { proxy_login: '[set]', kept_in: place },
            lines: [`Kept in the ${place}: proxy login [set]`],
          }
        }
        const given = await askForCredentials(context)
        await context.secrets[place].write('s3', given)
        await use(place, context)
        return {
          json: { ...shown(given), kept_in: place },
          lines: [`Kept in the ${place}: ${describe(given)}`],
        }
      }),
    )
}

function addShow(credentials: Command, context: CommandContext): void {
  credentials
    .command('show')
    .summary('show which credentials are kept, and which are used')
    .description(
      'Shows what is kept where, without the secrets, and where the bucket’s credentials are taken from.',
    )
    .action(
      reporting(context.terminal, async () => {
        const { current } = await context.openSettings()
        const { credentials: from, credentials_profile: profile } = current.value
        const keychain = await look('keychain', context)
        const file = await look('file', context)
        const line = (name: string, said: string) => `${name.padEnd(12)} ${said}`
        return {
          json: {
            credentials: from,
            credentials_profile: profile,
            keychain: keychain === 'unavailable' ? keychain : jsonOf(keychain),
            file: file === 'unavailable' ? file : jsonOf(file),
          },
          lines: [
            line('taken from', profile === '' ? from : `${from}, profile ${profile}`),
            line('keychain', keychain === 'unavailable' ? 'not available' : textOf(keychain)),
            line('file', file === 'unavailable' ? 'cannot be read' : textOf(file)),
          ],
        }
      }),
    )
}

function addForget(credentials: Command, context: CommandContext): void {
  credentials
    .command('forget')
    .summary('delete the credentials that are kept')
    .description('Deletes them from the keychain and from the file. Those of the AWS tools are not touched.')
    .option(...proxyOption)
    .action(
      reporting(context.terminal, async ({ proxy }: Options) => {
        const name = proxy ? 'proxy' : 's3'
        const forgotten: Place[] = []
        for (const place of places) if (await forget(place, name, context)) forgotten.push(place)
        const from = forgotten.map(place => `from the ${place}`).join(' and ')
        return {
          json: { forgotten_from: forgotten },
          lines: [forgotten.length === 0 ? 'There was nothing to forget.' : `Deleted ${from}.`],
        }
      }),
    )
}

/** They are to be used, whatever was used before. */
async function use(place: Place, context: CommandContext): Promise<void> {
  const credentials = place === 'keychain' ? 'keychain' : 'automatic'
  const { current } = await context.openSettings()
  if (current.value.credentials === credentials) return
  await changeSettings({ credentials }, context)
  context.terminal.err([`The credentials setting is ${credentials} now.`])
}

/** @throws AppError CREDENTIALS_INVALID at the first answer that is none: what follows it is not asked for */
async function askForCredentials(context: CommandContext): Promise<Credentials> {
  const { ask, askSecret } = await answering(context)
  const accessKeyId = await ask('Access key id: ')
  if (!isCredential(accessKeyId) || isPlaceholder(accessKeyId)) throw invalid('the access key id')
  if (looksLikeSecret(accessKeyId)) throw misplaced('the access key id has the form of a secret access key')
  const secret = await askSecret('Secret access key: ')
  if (!isCredential(secret) || isPlaceholder(secret)) throw invalid('the secret access key')
  if (orderOf(accessKeyId, secret) !== 'right')
    throw misplaced('the secret access key has the form of an access key id')
  const token = await askSecret('Session token, if there is one: ')
  if (token !== '' && !isCredential(token)) throw invalid('the session token')
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    ...(token !== '' && { sessionToken: new Secret(token) }),
  }
}

/** @throws AppError CREDENTIALS_INVALID */
async function askForLogin(context: CommandContext): Promise<ProxyLogin> {
  const { ask, askSecret } = await answering(context)
  const name = await ask('User name for the proxy: ')
  if (name === '') throw invalid('the user name')
  const password = await askSecret('Password: ')
  if (password === '') throw invalid('the password')
  return { name, password: new Secret(password) }
}

function invalid(what: string): AppError {
  return new AppError('CREDENTIALS_INVALID', { detail: `${what} is missing or has an impossible form` })
}

function misplaced(detail: string): AppError {
  return new AppError('CREDENTIALS_INVALID', { detail: `${detail}; perhaps they were swapped` })
}

/** The person, or the script that stands in for one. */
async function answering({
  terminal,
  readFile,
}: CommandContext): Promise<Pick<Terminal, 'ask' | 'askSecret'>> {
  if (terminal.interactive) return terminal
  const lines = decodeText(await readFile('-', budgets.answerBytes.most)).split(/\r?\n/)
  const next = async () => lines.shift()?.trim() ?? ''
  return { ask: next, askSecret: next }
}

async function look(
  place: Place,
  { secrets }: CommandContext,
): Promise<Partial<StoredSecrets> | 'unavailable'> {
  try {
    const [s3, proxy] = [await secrets[place].read('s3'), await secrets[place].read('proxy')]
    return { ...(s3 && { s3 }), ...(proxy && { proxy }) }
  } catch (error) {
    if (error instanceof AppError) return 'unavailable'
    throw error
  }
}

/** Where there is no keychain there is nothing in it. */
async function forget(place: Place, name: SecretName, { secrets }: CommandContext): Promise<boolean> {
  try {
    return await secrets[place].forget(name)
  } catch (error) {
    if (error instanceof AppError && error.code === 'KEYCHAIN_UNAVAILABLE') return false
    throw error
  }
}

function shown({ accessKeyId, sessionToken }: Credentials) {
  return {
    access_key_id: showKeyId(accessKeyId),
    secret_access_key: '[set]',
    session_token: sessionToken ? '[set]' : null,
  }
}

function describe({ accessKeyId, sessionToken }: Credentials): string {
  return `${showKeyId(accessKeyId)} with its secret [set]${sessionToken ? ' and session token [set]' : ''}`
}

function jsonOf({ s3, proxy }: Partial<StoredSecrets>) {
  return { s3: s3 ? shown(s3) : null, proxy_login: proxy ? '[set]' : null }
}

function textOf({ s3, proxy }: Partial<StoredSecrets>): string {
  const kept = [...(s3 ? [describe(s3)] : []), ...(proxy ? ['proxy login [set]'] : [])]
  return kept.length === 0 ? 'nothing' : kept.join('; ')
}
