import * as v from 'valibot'
import { AppError } from './errors.ts'
import {
  lowered,
  type NamesRule,
  namesAdded,
  namesRemoved,
  never,
  switchedOff,
  switchedOn,
  towards,
  type Weakens,
} from './weakening.ts'

/**
 * Every setting, once. From this table come the types, the validation, the options form, the configuration
 * file, the command line and docs/settings.md. To add a setting, add a row.
 *
 * `changedFrom: 'computer'` keeps a setting out of the browser's reach: an extension that was taken over must
 * not be able to point the tracker at another bucket, address or folder. The options page shows such a row
 * with the command that changes it.
 *
 * `weakens` says when a new value protects the person less: the tracker announces that on the desktop, whoever asked for
 * it, and a browser cannot do it where nothing can be announced.
 */
export const settingRows = {
  screenshots: {
    type: 'boolean',
    default: true,
    label: 'Take screenshots',
    help: 'Off: only activity is counted. Nothing is captured, not even to be thrown away.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: switchedOn,
  },
  screenshot_interval: {
    type: 'integer',
    default: 300,
    min: 5,
    max: 3600,
    unit: 'seconds',
    label: 'Take a screenshot every',
    help: 'Between 5 seconds and one hour. A new value counts from now on.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  screenshot_scale: {
    type: 'integer',
    default: 50,
    min: 10,
    max: 100,
    unit: 'percent',
    label: 'Screenshot size',
    help: 'Share of the display’s width and height that is kept. Smaller pictures save space.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  screenshot_quality: {
    type: 'integer',
    default: 70,
    min: 10,
    max: 100,
    unit: 'percent',
    label: 'Screenshot quality',
    help: 'Lower is smaller, and letters get frayed. At 100 a picture takes about four times the space of one at 70.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  screenshot_format: {
    type: 'choice',
    default: 'webp',
    choices: { webp: 'WebP', jpeg: 'JPEG' },
    label: 'Screenshot format',
    help: 'WebP is smaller, JPEG takes half of the computing time. Blurred screenshots are always JPEG, of some kilobytes.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  screenshot_displays: {
    type: 'choice',
    default: 'all',
    choices: { all: 'All monitors', active: 'The active monitor' },
    label: 'Take screenshots of',
    help: 'The active one shows the focused window, or else the pointer. Where the system does not tell, it is the first.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: towards('all monitors are taken', 'active', 'all'),
  },
  screenshot_timing: {
    type: 'choice',
    default: 'fixed',
    choices: { fixed: 'At the same moment', random: 'At a random moment' },
    label: 'Within each interval',
    help: 'Random: once in every interval, at a moment that is drawn anew. The popup shows it in advance all the same.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  skip_unchanged: {
    type: 'boolean',
    default: false,
    label: 'Skip what did not change',
    help: 'A monitor that shows the same as on its last screenshot gets none; that it was so is recorded.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  blur_screenshots: {
    type: 'boolean',
    default: true,
    label: 'Blur screenshots',
    help: 'Done on this computer before anything is stored. It cannot be undone.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: switchedOff,
  },
  hold_screenshots: {
    type: 'integer',
    default: 60,
    min: 0,
    max: 3600,
    unit: 'seconds',
    label: 'Hold new screenshots back for',
    help: 'So long you can look at one, blur it or delete it before it is delivered. 0: not at all.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: lowered,
  },
  excluded_applications: {
    type: 'text',
    default: '',
    pattern: /^[^\0\n]{0,500}$/,
    hint: 'names separated by commas; one with a comma in it in "quotation marks"',
    label: 'Applications that are not to be seen',
    help: 'A display is blurred as a whole while a window on it has one of these in its name or title; case and accents may be written in any form. Where windows cannot be listed (Windows, macOS, Wayland), every display is.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: namesRemoved,
  },
  blur_private_windows: {
    type: 'boolean',
    default: true,
    label: 'Blur displays with private windows',
    help: 'Private and incognito windows of browsers, and every window of Chrome and its kin that the extension in its profile does not know as an ordinary one. Where windows cannot be listed (Windows, macOS, Wayland), every display is blurred.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: switchedOff,
  },
  screenshot_notice: {
    type: 'choice',
    default: 'badge',
    choices: { off: 'Nothing', badge: 'The toolbar button', notification: 'A notification' },
    label: 'Tell of each screenshot by',
    help: 'The toolbar button shows it for some seconds. A notification is one of the desktop, where it has them.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: towards('it tells less', 'notification', 'badge', 'off'),
  },
  keep_tracking: {
    type: 'boolean',
    default: false,
    label: 'Keep tracking when the browser closes',
    help: 'Off: the tracker saves everything and ends some seconds after the last browser closed.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: switchedOn,
  },
  idle_after: {
    type: 'integer',
    default: 180,
    min: 15,
    max: 3600,
    unit: 'seconds',
    label: 'Call it idle after',
    help: 'So long without a key, click or movement. Idle is not the same as not working.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  away_after: {
    type: 'integer',
    default: 900,
    min: 30,
    max: 14_400,
    unit: 'seconds',
    label: 'Call it away after',
    help: 'So long without a key, click or movement. While you are away no screenshot is taken.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  count_media: {
    type: 'boolean',
    default: false,
    label: 'A call or a video counts as being there',
    help: 'Known where the program asks the system to keep the screen on, as most do on Linux. A video that plays to nobody counts too.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  scripted_input: {
    type: 'choice',
    default: 'flag',
    choices: { flag: 'Flag', discard: 'Discard' },
    label: 'Scripted input',
    help: 'Flag keeps the counts and marks them. Discard takes them out and keeps them aside with the reason.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  strictness: {
    type: 'choice',
    default: 'normal',
    choices: { low: 'Low', normal: 'Normal', high: 'High' },
    label: 'Find scripted input with',
    help: 'Higher finds more, and sooner. Low and normal flagged nobody in 129 hours of recorded people; high did three times, about once a working week.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  injected_input: {
    type: 'choice',
    default: 'suspect',
    choices: { ignore: 'Mine: a tool of mine makes it', suspect: 'Unusual', scripted: 'Scripted' },
    label: 'Input that only programs make is',
    help: 'Assistive tools, remappers and remote desktops make input too. Choose the first if you use one: no rule looks at it then.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: towards('it counts for more', 'scripted', 'suspect', 'ignore'),
  },
  trusted_devices: {
    type: 'text',
    default: '',
    pattern: /^[^\0\n]{0,500}$/,
    hint: 'names separated by commas; one with a comma in it in "quotation marks"',
    label: 'Devices that are mine',
    help: 'No rule looks at input from these. Names as “xinput list” shows them; records of your activity do not hold them.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: namesAdded,
  },
  scripted_activity_threshold: {
    type: 'integer',
    default: 500,
    min: 50,
    max: 10_000,
    unit: 'pixels',
    label: 'A pointer jump is longer than',
    help: 'The longer this is, the fewer single steps count as jumps: above 600 only those that are longer, below 500 also those of a fifth of it, which weigh a little less. One jump alone is no evidence.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  battery_threshold: {
    type: 'integer',
    default: 20,
    min: 0,
    max: 100,
    unit: 'percent',
    label: 'Suspend below battery',
    help: 'Below this charge and unplugged, tracking is suspended until power returns. 0: never.',
    section: 'power',
    changedFrom: 'anywhere',
    weakens: never,
  },
  save_on_battery: {
    type: 'boolean',
    default: true,
    label: 'Save power while unplugged',
    help: 'What was recorded is sealed and delivered every five minutes instead of every minute. Nothing is recorded less.',
    section: 'power',
    changedFrom: 'anywhere',
    weakens: never,
  },
  upload_on_low_battery: {
    type: 'boolean',
    default: false,
    label: 'Upload on a low battery',
    help: 'Off: below that charge and unplugged, uploads wait until power returns. Folders are not affected.',
    section: 'power',
    changedFrom: 'anywhere',
    weakens: never,
  },
  folder: {
    type: 'text',
    default: '',
    pattern: /^$|^(\/|[A-Za-z]:\\|\\\\)[^\0]{0,1000}$/,
    hint: 'an absolute path, or empty for the tracker’s own folder',
    label: 'Deliver to this folder',
    help: 'Used while no bucket is set. Empty: the folder “delivered” beside the tracker’s own files.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  bucket_name: {
    type: 'text',
    default: '',
    // Nothing that ends a part of an address; the rest is judged together with the endpoint, or by its server.
    pattern: /^(?!\.{1,2}$)[\w.:$@+~=,;!()*&-]{0,255}$/,
    hint: 'a name: at AWS 3 to 63 lower-case letters, digits, dots and hyphens, with an endpoint what its server allows; or empty',
    label: 'S3 bucket',
    help: 'Empty: deliver to a folder on this computer. No account is needed for that.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  region: {
    type: 'text',
    default: 'us-east-1',
    pattern: /^[A-Za-z0-9_.-]{1,60}$/,
    hint: 'a region name such as eu-central-1, with an endpoint what its server calls it',
    label: 'Region',
    help: 'The region of the bucket, such as eu-central-1.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  endpoint: {
    type: 'text',
    default: '',
    // No user name or password in it: addresses are shown and logged, credentials are kept elsewhere.
    pattern: /^$|^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/,
    hint: 'an address such as https://s3.example.org, or empty for AWS',
    label: 'Endpoint',
    help: 'The address of an S3-compatible server. Empty: AWS.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  prefix: {
    type: 'text',
    default: 'activity-tracker',
    pattern: /^[A-Za-z0-9!_.*'()=/-]{0,200}$/,
    hint: "letters, digits and ! _ . * ' ( ) = / -, at most 200",
    label: 'Prefix',
    help: 'Every object’s key starts with this, so that a policy can allow just these.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  credentials: {
    type: 'choice',
    default: 'automatic',
    choices: {
      automatic: 'Automatic',
      environment: 'Environment',
      profile: 'Profile',
      sso: 'Single sign-on',
      process: 'Program',
      keychain: 'System keychain',
    },
    label: 'Credentials from',
    help: 'Automatic: those that were imported, or else where the AWS tools look. The others name one place and use no other.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  credentials_profile: {
    type: 'text',
    default: '',
    pattern: /^$|^[\w.@+:/=-][\w.@+:/= -]{0,127}$/,
    hint: 'the name of a profile in ~/.aws/config, or empty for AWS_PROFILE or “default”',
    label: 'Profile',
    help: 'Used with credentials from a profile, single sign-on or a program, and by automatic.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  bucket_owner: {
    type: 'text',
    default: '',
    pattern: /^$|^\d{12}$/,
    hint: 'the 12 digits of an AWS account, or empty',
    label: 'Owner of the bucket',
    help: 'Nothing is uploaded into a bucket of another account, even if it has the right name.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  storage_class: {
    type: 'text',
    default: '',
    pattern: /^$|^[A-Z][A-Z0-9_-]{0,39}$/,
    hint: 'a name such as STANDARD_IA or GLACIER_IR, or empty for the bucket’s own',
    label: 'Storage class',
    help: 'What storing costs, and what reading costs. Servers other than AWS have their own names.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  server_side_encryption: {
    type: 'choice',
    default: 'none',
    choices: { none: 'As the bucket does', AES256: 'AES256', 'aws:kms': 'aws:kms' },
    label: 'Encryption by the server',
    help: 'Besides the tracker’s own, with which everything leaves this computer.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  sse_kms_key: {
    type: 'text',
    default: '',
    pattern: /^$|^[A-Za-z0-9:/_.-]{1,2048}$/,
    hint: 'the name or ARN of a key, or empty for the one of the account',
    label: 'KMS key',
    help: 'Used with aws:kms. It is the name of a key and not the key itself.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  proxy: {
    type: 'text',
    default: '',
    // Its user name and password are kept with the credentials: addresses are shown and logged.
    pattern: /^$|^https?:\/\/[^\s/?#@]+\/?$/,
    hint: 'an address such as http://proxy.example.org:3128, without a password, or empty',
    label: 'Proxy',
    help: 'Uploads go through it, whatever HTTPS_PROXY, ALL_PROXY and NO_PROXY say. Empty: as those say, read as curl reads them.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  ca_file: {
    type: 'text',
    default: '',
    pattern: /^$|^(\/|[A-Za-z]:\\|\\\\)[^\0]{0,1000}$/,
    hint: 'an absolute path, or empty',
    label: 'Additional CA certificates',
    help: 'A PEM file with certificates that are trusted besides the usual ones. Checking cannot be switched off.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  upload_on_metered: {
    type: 'boolean',
    default: true,
    label: 'Upload on metered networks',
    help: 'Off: uploads wait while the system calls the network metered, such as a phone’s. Known on Linux with NetworkManager.',
    section: 'upload',
    changedFrom: 'anywhere',
    weakens: never,
  },
  upload_limit: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    unit: 'kB/s',
    label: 'Upload no faster than',
    help: 'For all uploads together. 0: as fast as the network allows.',
    section: 'upload',
    changedFrom: 'anywhere',
    weakens: never,
  },
  outbox_limit: {
    type: 'integer',
    default: 10,
    min: 1,
    max: 10_000,
    unit: 'GB',
    label: 'Keep at most this much waiting',
    help: 'When so much waits to be delivered, recording stops until there is room. What was recorded is never dropped.',
    section: 'upload',
    changedFrom: 'anywhere',
    weakens: never,
  },
} as const satisfies Record<string, SettingRow>

export const settingSections = {
  capture: 'Capture',
  privacy: 'Privacy',
  upload: 'Upload',
  activity: 'Activity check',
  power: 'Battery',
} as const

type Common = {
  label: string
  help: string
  section: keyof typeof settingSections
  changedFrom: 'anywhere' | 'computer'
}
export type SettingRow = Common &
  (
    | { type: 'boolean'; default: boolean; weakens: Weakens<boolean> }
    | {
        type: 'integer'
        default: number
        min: number
        max: number
        unit: 'seconds' | 'pixels' | 'percent' | 'GB' | 'kB/s'
        weakens: Weakens<number>
      }
    | { type: 'choice'; default: string; choices: Record<string, string>; weakens: Weakens<string> }
    | { type: 'text'; default: string; pattern: RegExp; hint: string; weakens: Weakens<string> }
  )

export type SettingName = keyof typeof settingRows
type ValueOf<R> = R extends { type: 'boolean' }
  ? boolean
  : R extends { type: 'integer' }
    ? number
    : R extends { type: 'choice'; choices: infer C }
      ? keyof C
      : string
export type Settings = { [K in SettingName]: ValueOf<(typeof settingRows)[K]> }
export type SettingValue = string | number | boolean

export const settingNames = Object.keys(settingRows) as SettingName[]

export const defaultSettings = Object.fromEntries(
  settingNames.map(name => [name, settingRows[name].default]),
) as Settings

/** Whether the new value protects the person less than the old one: then it is announced, and can be undone. */
export function weakens(name: SettingName, from: SettingValue, to: SettingValue): boolean {
  const row: SettingRow = settingRows[name]
  switch (row.type) {
    case 'boolean':
      return row.weakens(from === true, to === true)
    case 'integer':
      return row.weakens(Number(from), Number(to))
    case 'choice':
    case 'text':
      return row.weakens(String(from), String(to))
    default:
      throw row satisfies never
  }
}

/** `from` again after `to`, without making weaker what was made stronger between `to` and `current`. */
export function restored(
  name: SettingName,
  from: SettingValue,
  to: SettingValue,
  current: SettingValue,
): SettingValue {
  if (!weakens(name, from, current)) return current
  return namesRuleOf(name)?.restored(String(from), String(to), String(current)) ?? from
}

/**
 * What a change that was asked for comes to by the time that it is made: of a list, only the names that it was about. What
 * was hidden since then stays hidden.
 */
export function carried(
  name: SettingName,
  from: SettingValue,
  to: SettingValue,
  current: SettingValue,
): SettingValue {
  if (current === from) return to
  return namesRuleOf(name)?.carried(String(from), String(to), String(current)) ?? to
}

/** What protects less than either: what has held in the meantime. */
export function weakest(name: SettingName, one: SettingValue, other: SettingValue): SettingValue {
  const byNames = namesRuleOf(name)?.weakest(String(one), String(other))
  return byNames ?? (weakens(name, one, other) ? other : one)
}

export function namesRuleOf(name: SettingName): NamesRule | undefined {
  const row: SettingRow = settingRows[name]
  return row.weakens.names
}

/** What values a row takes, in words: for help texts, errors and the docs. */
export function describeLimits(row: SettingRow): string {
  switch (row.type) {
    case 'boolean':
      return 'true or false'
    case 'integer':
      return `a whole number from ${row.min} to ${row.max} (${row.unit})`
    case 'choice':
      return new Intl.ListFormat('en', { type: 'disjunction' }).format(Object.keys(row.choices))
    case 'text':
      return row.hint
    default:
      throw row satisfies never
  }
}

/** @throws AppError SETTING_UNKNOWN */
export function parseSettingName(name: string): SettingName {
  // Object.hasOwn, not `in`: "constructor" is no setting.
  if (Object.hasOwn(settingRows, name)) return name as SettingName
  throw new AppError('SETTING_UNKNOWN', { detail: name.slice(0, 80) })
}

/** A value of the right type and within its limits. @throws AppError SETTING_INVALID */
export function parseSettingValue<K extends SettingName>(name: K, value: unknown): Settings[K] {
  const result = v.safeParse(schemaOf(settingRows[name]), value)
  if (result.success) return result.output as Settings[K]
  throw new AppError('SETTING_INVALID', { detail: `${name} takes ${describeLimits(settingRows[name])}` })
}

/**
 * A value written as text, as on a command line or in an INI file: `True`, `300`, `flag`.
 * @throws AppError SETTING_INVALID
 */
export function parseSettingText<K extends SettingName>(name: K, text: string): Settings[K] {
  const row: SettingRow = settingRows[name]
  const trimmed = text.trim()
  switch (row.type) {
    case 'boolean':
      if (/^(true|yes|on|1)$/i.test(trimmed)) return true as Settings[K]
      if (/^(false|no|off|0)$/i.test(trimmed)) return false as Settings[K]
      return parseSettingValue(name, undefined)
    case 'integer':
      return parseSettingValue(name, /^-?\d{1,9}$/.test(trimmed) ? Number(trimmed) : undefined)
    case 'choice':
      return parseSettingValue(name, choiceNamed(row.choices, trimmed))
    case 'text':
      return parseSettingValue(name, trimmed)
    default:
      throw row satisfies never
  }
}

/** Whatever its case: AES256 is written by one and aes256 by another. */
function choiceNamed(choices: Record<string, string>, text: string): string | undefined {
  return Object.keys(choices).find(choice => choice.toLowerCase() === text.toLowerCase())
}

/**
 * Reads stored settings: good values are taken, bad ones replaced by their default and named in `problems`,
 * so that one typing error does not throw away the rest.
 */
export function parseSettings(stored: Record<string, unknown>): { settings: Settings; problems: AppError[] } {
  const settings: Record<string, SettingValue> = { ...defaultSettings }
  const problems: AppError[] = []
  for (const [key, value] of Object.entries(stored)) {
    try {
      const name = parseSettingName(key)
      settings[name] = parseSettingValue(name, value)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problems.push(error)
    }
  }
  return { settings: settings as Settings, problems }
}

function schemaOf(row: SettingRow): v.GenericSchema<unknown, SettingValue> {
  switch (row.type) {
    case 'boolean':
      return v.boolean() as v.GenericSchema<unknown, SettingValue>
    case 'integer':
      return v.pipe(v.number(), v.integer(), v.minValue(row.min), v.maxValue(row.max)) as never
    case 'choice':
      return v.picklist(Object.keys(row.choices)) as never
    case 'text':
      return v.pipe(v.string(), v.regex(row.pattern)) as never
    default:
      throw row satisfies never
  }
}
