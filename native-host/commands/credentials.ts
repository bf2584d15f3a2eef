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
import { text } from './text.ts'

const help = text.help.credentials
const words = text.credentials

type Options = { file?: true; proxy?: true }
type Place = 'keychain' | 'file'
const places: readonly Place[] = ['keychain', 'file']

export function addCredentials(program: Command, context: CommandContext): void {
  const credentials = program.command('credentials').summary(help.summary).description(help.description)
  addSet(credentials, context)
  addShow(credentials, context)
  addForget(credentials, context)
}

const proxyOption = ['--proxy', help.proxy] as const

function addSet(credentials: Command, context: CommandContext): void {
  credentials
    .command('set')
    .summary(help.set.summary)
    .description(help.set.description)
    .option('--file', help.set.file)
    .option(...proxyOption)
    .action(
      reporting(context.terminal, async ({ file, proxy }: Options) => {
        const place = file ? 'file' : 'keychain'
        if (proxy) {
          await context.secrets[place].write('proxy', await askForLogin(context))
          return {
            json: { proxy_login: '[set]', kept_in: place },
            lines: [words.stored(words.place[place], words.proxyLogin)],
          }
        }
        const given = await askForCredentials(context)
        await context.secrets[place].write('s3', given)
        await use(place, context)
        return {
          json: { ...shown(given), kept_in: place },
          lines: [words.stored(words.place[place], describe(given))],
        }
      }),
    )
}

function addShow(credentials: Command, context: CommandContext): void {
  credentials
    .command('show')
    .summary(help.show.summary)
    .description(help.show.description)
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
            line(words.source, profile === '' ? from : words.sourceWithProfile(from, profile)),
            line(
              words.place.keychain,
              keychain === 'unavailable' ? words.keychainUnavailable : textOf(keychain),
            ),
            line(words.place.file, file === 'unavailable' ? words.fileUnreadable : textOf(file)),
          ],
        }
      }),
    )
}

function addForget(credentials: Command, context: CommandContext): void {
  credentials
    .command('forget')
    .summary(help.forget.summary)
    .description(help.forget.description)
    .option(...proxyOption)
    .action(
      reporting(context.terminal, async ({ proxy }: Options) => {
        const name = proxy ? 'proxy' : 's3'
        const forgotten: Place[] = []
        for (const place of places) if (await forget(place, name, context)) forgotten.push(place)
        const from = forgotten.map(place => words.place[place])
        return {
          json: { forgotten_from: forgotten },
          lines: [from.length === 0 ? words.nothingStored : words.deleted(from)],
        }
      }),
    )
}

/** They are used from now on, in place of any others. */
async function use(place: Place, context: CommandContext): Promise<void> {
  const credentials = place === 'keychain' ? 'keychain' : 'automatic'
  const { current } = await context.openSettings()
  if (current.value.credentials === credentials) return
  await changeSettings({ credentials }, context)
  context.terminal.err([words.settingIsNow(credentials)])
}

/** @throws AppError CREDENTIALS_INVALID at the first answer that is none: what follows it is not asked for */
async function askForCredentials(context: CommandContext): Promise<Credentials> {
  const { ask, askSecret, hush } = await answering(context)
  await using _quiet = hush()
  const accessKeyId = await ask(words.ask.keyId)
  if (!isCredential(accessKeyId) || isPlaceholder(accessKeyId)) throw invalid(words.what.keyId)
  if (looksLikeSecret(accessKeyId)) throw misplaced(words.idLooksLikeSecret)
  const secret = await askSecret(words.ask.secret)
  if (!isCredential(secret) || isPlaceholder(secret)) throw invalid(words.what.secret)
  if (orderOf(accessKeyId, secret) !== 'right') throw misplaced(words.secretLooksLikeId)
  const token = await askSecret(words.ask.token)
  if (token !== '' && !isCredential(token)) throw invalid(words.what.token)
  return {
    accessKeyId,
    secretAccessKey: new Secret(secret),
    ...(token !== '' && { sessionToken: new Secret(token) }),
  }
}

/** @throws AppError CREDENTIALS_INVALID */
async function askForLogin(context: CommandContext): Promise<ProxyLogin> {
  const { ask, askSecret, hush } = await answering(context)
  await using _quiet = hush()
  const name = await ask(words.ask.proxyName)
  if (name === '') throw invalid(words.what.proxyName)
  const password = await askSecret(words.ask.proxyPassword)
  if (password === '') throw invalid(words.what.proxyPassword)
  return { name, password: new Secret(password) }
}

function invalid(what: string): AppError {
  return new AppError('CREDENTIALS_INVALID', { detail: words.invalid(what) })
}

function misplaced(detail: string): AppError {
  return new AppError('CREDENTIALS_INVALID', { detail })
}

/** The person, or the script that stands in for one. */
async function answering({
  terminal,
  readFile,
}: CommandContext): Promise<Pick<Terminal, 'ask' | 'askSecret' | 'hush'>> {
  if (terminal.interactive) return terminal
  const lines = decodeText(await readFile('-', budgets.answerBytes.most)).split(/\r?\n/)
  const next = async () => lines.shift()?.trim() ?? ''
  return { ask: next, askSecret: next, hush: () => ({ [Symbol.asyncDispose]: async () => undefined }) }
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
  return words.s3(showKeyId(accessKeyId), sessionToken !== undefined)
}

function jsonOf({ s3, proxy }: Partial<StoredSecrets>) {
  return { s3: s3 ? shown(s3) : null, proxy_login: proxy ? '[set]' : null }
}

function textOf({ s3, proxy }: Partial<StoredSecrets>): string {
  const kept = [...(s3 ? [describe(s3)] : []), ...(proxy ? [words.proxyLogin] : [])]
  return kept.length === 0 ? words.nothing : kept.join('; ')
}
