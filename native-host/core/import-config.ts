import { AppError } from '../../protocol/errors.ts'
import {
  parseSettingText,
  type SettingName,
  type Settings,
  type SettingValue,
  settingNames,
} from '../../protocol/settings.ts'
import { type Ini, type IniSection, parseIni } from './ini.ts'
import { Secret } from './secret.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: Secret; sessionToken?: Secret }

export type ImportedConfig = {
  settings: Partial<Settings>
  credentials?: Credentials
  /** Keys that mean nothing here, as the file writes them. */
  ignored: string[]
  /** What was left out because its value does not fit. The rest is good. */
  problems: AppError[]
}

/** Earlier trackers disagreed about these names; every other setting has its own name in the file. */
const otherNames: Record<string, SettingName> = {
  capture_screenshots: 'screenshots',
  take_screenshots: 'screenshots',
}

type CredentialField = keyof Credentials
const credentialNames: Record<string, CredentialField> = {
  aws_access_key_id: 'accessKeyId',
  aws_access_key: 'accessKeyId',
  access_key_id: 'accessKeyId',
  access_key: 'accessKeyId',
  aws_secret_access_key: 'secretAccessKey',
  aws_secret_key: 'secretAccessKey',
  secret_access_key: 'secretAccessKey',
  secret_key: 'secretAccessKey',
  aws_session_token: 'sessionToken',
  session_token: 'sessionToken',
}

/**
 * Reads the config.txt of earlier trackers: INI with a [settings] section, `True` and `False`, inline comments.
 * Credentials may stand in any section. No value of the file gets into an error or into `ignored`.
 *
 * @throws AppError IMPORT_FAILED when there is no [settings] section
 */
export function readConfigTxt(text: string): ImportedConfig {
  const ini = parseIni(text)
  const section = ini.sections.get('settings')
  if (section === undefined) throw new AppError('IMPORT_FAILED', { detail: 'it has no [settings] section' })

  const { settings, problems } = readSettings(section)
  const credentials = checkCredentials(findCredentials(ini), problems)
  for (const line of ini.notUnderstood) {
    problems.push(new AppError('IMPORT_FAILED', { detail: `line ${line} is not of the form: name = value` }))
  }
  return { settings, ...(credentials && { credentials }), ignored: namesOfOthers(ini), problems }
}

function readSettings(section: IniSection): { settings: Partial<Settings>; problems: AppError[] } {
  const entries: [SettingName, SettingValue][] = []
  const problems: AppError[] = []
  for (const [key, text] of section) {
    const name = settingNameOf(key)
    if (name === undefined) continue
    try {
      entries.push([name, parseSettingText(name, text)])
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // A name with nothing behind it says that there is no such value, not a wrong one.
      if (text !== '') problems.push(error)
    }
  }
  // TypeScript cannot know that each value was parsed for the name beside it.
  return { settings: Object.fromEntries(entries) as Partial<Settings>, problems }
}

function settingNameOf(key: string): SettingName | undefined {
  if (Object.hasOwn(otherNames, key)) return otherNames[key]
  return settingNames.find(name => name === key)
}

function credentialFieldOf(key: string): CredentialField | undefined {
  return Object.hasOwn(credentialNames, key) ? credentialNames[key] : undefined
}

function findCredentials(ini: Ini): ReadonlyMap<CredentialField, string> {
  const found = new Map<CredentialField, string>()
  for (const section of ini.sections.values()) {
    for (const [key, value] of section) {
      const field = credentialFieldOf(key)
      if (field !== undefined && value !== '') found.set(field, value)
    }
  }
  return found
}

/** What S3 servers hand out: printable, without spaces and quotes, so that it survives every tool's file format. */
const credentialForm = /^[!#-&(-~]{1,4096}$/

export function isCredential(text: string): boolean {
  return credentialForm.test(text)
}

const fieldLabels: Record<CredentialField, string> = {
  accessKeyId: 'access key id',
  secretAccessKey: 'secret access key',
  sessionToken: 'session token',
}

function checkCredentials(
  found: ReadonlyMap<CredentialField, string>,
  problems: AppError[],
): Credentials | undefined {
  const accessKeyId = found.get('accessKeyId')
  const secretAccessKey = found.get('secretAccessKey')
  const sessionToken = found.get('sessionToken')
  const problem = (detail: string) => void problems.push(new AppError('IMPORT_FAILED', { detail }))
  for (const [field, value] of found) {
    if (!isCredential(value)) return problem(`the ${fieldLabels[field]} has an impossible form`)
  }
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return {
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      ...(sessionToken !== undefined && { sessionToken: new Secret(sessionToken) }),
    }
  }
  if (accessKeyId !== undefined) return problem('the credentials have no secret access key')
  if (secretAccessKey !== undefined) return problem('the credentials have no access key id')
}

/** In a broken file a secret can stand where a name belongs: what does not look like short words is not quoted. */
const harmlessName = /^[a-z]{1,12}(_[a-z0-9]{1,12}){0,5}$/

function namesOfOthers(ini: Ini): string[] {
  const names: string[] = []
  for (const [heading, section] of ini.sections) {
    for (const key of section.keys()) {
      if (credentialFieldOf(key) !== undefined) continue
      if (heading === 'settings' && settingNameOf(key) !== undefined) continue
      names.push(harmlessName.test(key) ? key : '(unnamed)')
    }
  }
  return names
}
