import * as v from 'valibot'
import { assertAppError } from './assert-app-error.ts'
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
 * `weakens` says when a new value protects the person less: the tracker announces that on the desktop, for
 * every client that asked for it, and a browser cannot do it where nothing can be announced.
 */
export const settingRows = {
  screenshots: {
    type: 'boolean',
    default: true,
    label: 'Take screenshots',
    help: 'When off, only activity is counted and the screen is never captured.',
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
    help: 'From 5 seconds to 1 hour. Applies at once.',
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
    help: 'How much of the screen’s width and height to keep. Smaller pictures save space.',
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
    help: 'Lower makes smaller files and fuzzier text. A picture at 100 takes about four times the space of one at 70.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  screenshot_format: {
    type: 'choice',
    default: 'webp',
    choices: { webp: 'WebP', jpeg: 'JPEG' },
    label: 'Screenshot format',
    help: 'WebP makes smaller files. JPEG needs half the processor time. Blurred screenshots are always small JPEGs.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  screenshot_displays: {
    type: 'choice',
    default: 'all',
    choices: { all: 'All screens', active: 'Active screen' },
    label: 'Take screenshots of',
    help: 'The active screen is the one with the focused window, else the one with the pointer, else the first.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: towards('all screens are taken', 'active', 'all'),
  },
  screenshot_timing: {
    type: 'choice',
    default: 'fixed',
    choices: { fixed: 'Regular', random: 'Random' },
    label: 'Timing',
    help: 'Random takes one per interval at an unpredictable moment. The popup still shows when.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  skip_unchanged: {
    type: 'boolean',
    default: false,
    label: 'Skip unchanged screens',
    help: 'No screenshot is taken if the screen looks the same as last time. The skip is recorded.',
    section: 'capture',
    changedFrom: 'anywhere',
    weakens: never,
  },
  blur_screenshots: {
    type: 'boolean',
    default: true,
    label: 'Blur screenshots',
    help: 'Happens on this computer before anything is stored. It cannot be undone.',
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
    label: 'Hold screenshots for',
    help: 'View, blur or delete them during this time; then they upload. 0 uploads at once.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: lowered,
  },
  excluded_applications: {
    type: 'text',
    default: '',
    pattern: /^[^\0\n]{0,500}$/,
    hint: 'names separated by commas; put a name that contains a comma in "quotation marks"',
    label: 'Apps to blur',
    help: 'A screen is blurred while it shows one of these (by app name or window title). Case and accents do not matter. Where windows cannot be listed (Windows, macOS, Wayland), every screen is blurred.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: namesRemoved,
  },
  blur_private_windows: {
    type: 'boolean',
    default: true,
    label: 'Blur screens with private windows',
    help: 'Covers private and incognito windows. In Chrome and related browsers, a window counts as private unless the extension in its profile knows it as an ordinary one. Where windows cannot be listed (Windows, macOS, Wayland), every screen is blurred.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: switchedOff,
  },
  screenshot_notice: {
    type: 'choice',
    default: 'badge',
    choices: { off: 'Nothing', badge: 'A mark on the toolbar button', notification: 'A notification' },
    label: 'When a screenshot is taken, show',
    help: 'The mark stays for a few seconds. Notifications appear on your desktop, if it has them.',
    section: 'privacy',
    changedFrom: 'anywhere',
    weakens: towards('it shows less', 'notification', 'badge', 'off'),
  },
  keep_tracking: {
    type: 'boolean',
    default: false,
    label: 'Keep tracking when the browser closes',
    help: 'When off, the tracker saves everything and stops a few seconds after you close the last browser.',
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
    label: 'Idle after',
    help: 'No key, click or movement for this long. Idle does not mean not working.',
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
    label: 'Away after',
    help: 'No key, click or movement for this long. No screenshots are taken while you are away.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  count_media: {
    type: 'boolean',
    default: false,
    label: 'Count calls and videos as active',
    help: 'Works if the program asks the system to keep the screen on, as most do on Linux. A video that plays in an empty room counts too.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  scripted_input: {
    type: 'choice',
    default: 'flag',
    choices: { flag: 'Flag', discard: 'Discard' },
    label: 'Scripted input',
    help: 'Flag counts the input and marks it. Discard leaves it out of your totals and stores it separately, with the reason.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  strictness: {
    type: 'choice',
    default: 'normal',
    choices: { low: 'Low', normal: 'Normal', high: 'High' },
    label: 'Strictness',
    help: 'Higher finds more, and sooner. In 129 hours of real people, Low and Normal raised no false alarm, High three (about one a working week).',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: never,
  },
  injected_input: {
    type: 'choice',
    default: 'suspect',
    choices: { ignore: 'From my own tools', suspect: 'Unusual', scripted: 'Scripted' },
    label: 'Input made by programs',
    help: 'Assistive tools, key remappers and remote desktops make input too. If you use one, choose “From my own tools”: no rule then checks such input.',
    section: 'activity',
    changedFrom: 'anywhere',
    weakens: towards('it counts for more', 'scripted', 'suspect', 'ignore'),
  },
  trusted_devices: {
    type: 'text',
    default: '',
    pattern: /^[^\0\n]{0,500}$/,
    hint: 'names separated by commas; put a name that contains a comma in "quotation marks"',
    label: 'Trusted devices',
    help: 'Their input always counts as yours. Enter the names that “xinput list” shows. Records of your activity do not contain them.',
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
    label: 'Pointer jump, from',
    help: 'A higher value counts fewer single steps as jumps. Above 600, only longer steps count. Below 500, steps of a fifth of it count too, with a little less weight. One jump alone is not evidence.',
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
    label: 'Suspend tracking below',
    help: 'Tracking is suspended while the battery is below this charge and unplugged. 0 never suspends it.',
    section: 'power',
    changedFrom: 'anywhere',
    weakens: never,
  },
  save_on_battery: {
    type: 'boolean',
    default: true,
    label: 'Save power while unplugged',
    help: 'Records are encrypted and uploaded every five minutes instead of every minute. Everything is still recorded.',
    section: 'power',
    changedFrom: 'anywhere',
    weakens: never,
  },
  upload_on_low_battery: {
    type: 'boolean',
    default: false,
    label: 'Upload on low battery',
    help: 'When off, uploads wait while the battery is below that charge and unplugged. Folders are not affected.',
    section: 'power',
    changedFrom: 'anywhere',
    weakens: never,
  },
  folder: {
    type: 'text',
    default: '',
    pattern: /^$|^(\/|[A-Za-z]:\\|\\\\)[^\0]{0,1000}$/,
    hint: 'an absolute path, or empty for the tracker’s own folder',
    label: 'Folder for records',
    help: 'Used when no bucket is set. Leave empty for the tracker’s own folder.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  bucket_name: {
    type: 'text',
    default: '',
    // Nothing that ends a part of an address; the rest is judged together with the endpoint, or by its server.
    pattern: /^(?!\.{1,2}$)[\w.:$@+~=,;!()*&-]{0,255}$/,
    hint: 'a name (at AWS 3 to 63 lower-case letters, digits, dots and hyphens; with an endpoint, what its server allows), or empty',
    label: 'S3 bucket',
    help: 'Leave empty to use a folder on this computer.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  region: {
    type: 'text',
    default: 'us-east-1',
    pattern: /^[A-Za-z0-9_.-]{1,60}$/,
    hint: 'a region name such as eu-central-1, or the name that your server uses',
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
    help: 'The address of an S3-compatible server. Leave empty for AWS.',
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
    help: 'Put in front of every file name, so that a policy can be limited to it.',
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
      sso: 'AWS single sign-on',
      process: 'Credential program',
      keychain: 'System keychain',
    },
    label: 'Credentials from',
    help: 'Automatic tries imported credentials, then the usual AWS places. The others use only that place.',
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
    help: 'Used by Profile, AWS single sign-on, Credential program and Automatic.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  bucket_owner: {
    type: 'text',
    default: '',
    pattern: /^$|^\d{12}$/,
    hint: 'the 12 digits of an AWS account, or empty',
    label: 'Bucket owner',
    help: 'Uploads stop if the bucket belongs to another account.',
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
    help: 'Sets the price of storing and of reading. Servers other than AWS have their own names.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  server_side_encryption: {
    type: 'choice',
    default: 'none',
    choices: { none: 'Bucket default', AES256: 'AES256', 'aws:kms': 'aws:kms' },
    label: 'Server-side encryption',
    help: 'In addition to the tracker’s own.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  sse_kms_key: {
    type: 'text',
    default: '',
    pattern: /^$|^[A-Za-z0-9:/_.-]{1,2048}$/,
    hint: 'the name or ARN of a key, or empty for the account’s default',
    label: 'KMS key',
    help: 'Used with aws:kms. This is the name of a key, not the key itself.',
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
    help: 'Overrides HTTPS_PROXY, ALL_PROXY and NO_PROXY. Leave empty to follow them as curl does.',
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
    help: 'A PEM file with certificates to trust in addition to the usual ones. Checking cannot be switched off.',
    section: 'upload',
    changedFrom: 'computer',
    weakens: never,
  },
  upload_on_metered: {
    type: 'boolean',
    default: true,
    label: 'Upload on metered networks',
    help: 'When off, uploads wait while the network is metered, such as a phone’s. Works on Linux with NetworkManager.',
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
    help: 'All uploads share this limit. 0 means no limit.',
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
    label: 'Stop recording when this much is waiting',
    help: 'Recording resumes when there is room. Recorded data is never dropped.',
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

/** In any case: one server writes AES256 and another aes256. */
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
      assertAppError(error)
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
