import { assertAppError } from '../../protocol/assert-app-error.ts'
import { AppError } from '../../protocol/errors.ts'
import {
  parseSettingText,
  type SettingName,
  type Settings,
  type SettingValue,
  settingNames,
  settingRows,
} from '../../protocol/settings.ts'
import { type Ini, type IniSection, parseIni } from '../kernel/ini.ts'
import { Secret } from '../kernel/secret.ts'
import { isCredential, isPlaceholder, orderOf } from './credential-form.ts'

export type Credentials = { accessKeyId: string; secretAccessKey: Secret; sessionToken?: Secret }

export type ImportedConfig = {
  settings: Partial<Settings>
  credentials?: Credentials
  /** Keys without a meaning here, as the file writes them. */
  ignored: string[]
  /** Values that were imported with a change. */
  notes: string[]
  /** Values that were left out because they are invalid. The rest was imported. */
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
  const section = ini.lastSections.get('settings')
  if (section === undefined) throw new AppError('IMPORT_FAILED', { detail: 'it has no [settings] section' })

  const notes = ini.repeated.map(
    name => `the section [${harmless(name)}] appears twice; only the last one is used`,
  )
  const { settings, problems } = readSettings(section)
  const credentials = checkCredentials(findCredentials(ini), problems, notes)
  for (const line of ini.notUnderstood) {
    problems.push(new AppError('IMPORT_FAILED', { detail: `line ${line} is not written as name = value` }))
  }
  return { settings, ...(credentials && { credentials }), ignored: namesOfOthers(ini), notes, problems }
}

function readSettings(section: IniSection): { settings: Partial<Settings>; problems: AppError[] } {
  const entries: [SettingName, SettingValue][] = []
  const problems: AppError[] = []
  for (const [key, text] of section) {
    const name = settingNameOf(key)
    if (name === undefined) continue
    if (settingRows[name].type === 'text' && isPlaceholder(text)) {
      problems.push(new AppError('IMPORT_FAILED', { detail: `${name} is still a placeholder` }))
      continue
    }
    try {
      entries.push([name, parseSettingText(name, text)])
    } catch (error) {
      assertAppError(error)
      // A name without a value means that there is none, not that it is wrong.
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

type FoundCredentials = ReadonlyMap<CredentialField, string>

/** Those of the last section that has both, so that an id never gets the secret of another. */
function findCredentials(ini: Ini): FoundCredentials {
  const found = [...ini.lastSections.values()].map(credentialsIn)
  const whole = found.findLast(each => each.has('accessKeyId') && each.has('secretAccessKey'))
  return whole ?? new Map(found.flatMap(each => [...each]))
}

function credentialsIn(section: IniSection): FoundCredentials {
  const found = new Map<CredentialField, string>()
  for (const [key, value] of section) {
    const field = credentialFieldOf(key)
    if (field !== undefined && value !== '') found.set(field, value)
  }
  return found
}

const fieldLabels: Record<CredentialField, string> = {
  accessKeyId: 'access key ID',
  secretAccessKey: 'secret access key',
  sessionToken: 'session token',
}

function checkCredentials(
  found: FoundCredentials,
  problems: AppError[],
  notes: string[],
): Credentials | undefined {
  const accessKeyId = found.get('accessKeyId')
  const secretAccessKey = found.get('secretAccessKey')
  const problem = (detail: string) => void problems.push(new AppError('CREDENTIALS_INVALID', { detail }))
  for (const [field, value] of found) {
    if (isPlaceholder(value)) return problem(`the ${fieldLabels[field]} is still a placeholder`)
    if (!isCredential(value)) return problem(`the ${fieldLabels[field]} is not valid`)
  }
  if (accessKeyId === undefined && secretAccessKey === undefined) return
  if (secretAccessKey === undefined) return problem('the credentials have no secret access key')
  if (accessKeyId === undefined) return problem('the credentials have no access key ID')
  const token = found.get('sessionToken')
  const given = (id: string, secret: string): Credentials => ({
    accessKeyId: id,
    secretAccessKey: new Secret(secret),
    ...(token !== undefined && { sessionToken: new Secret(token) }),
  })
  const order = orderOf(accessKeyId, secretAccessKey)
  switch (order) {
    case 'right':
      return given(accessKeyId, secretAccessKey)
    case 'swapped':
      notes.push(
        'the access key ID and the secret access key were in each other’s place, and have been swapped',
      )
      return given(secretAccessKey, accessKeyId)
    case 'one twice':
      return problem('the access key ID and the secret access key look like the same kind of value')
    default:
      throw order satisfies never
  }
}

/** In a broken file a secret can stand in the place of a name: only text that looks like short words is quoted. */
const harmlessName = /^(s3|[a-z]{1,12})(_[a-z0-9]{1,12}){0,5}$/

function harmless(name: string): string {
  return harmlessName.test(name) ? name : '(unnamed)'
}

function namesOfOthers(ini: Ini): string[] {
  const names: string[] = []
  for (const [heading, section] of ini.lastSections) {
    for (const key of section.keys()) {
      if (credentialFieldOf(key) !== undefined) continue
      if (heading === 'settings' && settingNameOf(key) !== undefined) continue
      names.push(harmless(key))
    }
  }
  return names
}
