/**
 * Which variables of the environment each program is started with. What is on no list reaches none of them: a debugger
 * that a shell asked for, a library that was put in front of all others, a secret of another program.
 *
 * Names, not patterns: the launcher, which is a shell script, uses the same lists.
 */

/** Who runs it, and where they are. Windows starts no program without those of its own. */
const person = [
  ...['HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'TMPDIR', 'TZ', 'TZDIR', 'LANG', 'LANGUAGE'],
  ...['LC_ALL', 'LC_CTYPE', 'LC_COLLATE', 'LC_MESSAGES', 'LC_MONETARY', 'LC_NUMERIC', 'LC_TIME'],
  ...['LC_ADDRESS', 'LC_IDENTIFICATION', 'LC_MEASUREMENT', 'LC_NAME', 'LC_PAPER', 'LC_TELEPHONE'],
  '__CF_USER_TEXT_ENCODING',
  ...['SystemRoot', 'SystemDrive', 'windir', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'OS'],
  ...['USERNAME', 'USERDOMAIN', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA'],
  ...['ALLUSERSPROFILE', 'ProgramData', 'ProgramFiles', 'ProgramFiles(x86)', 'PUBLIC'],
  ...['NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE'],
]
/** Where files are. */
const folders = [
  'ACTIVITY_TRACKER_HOME',
  ...['XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME'],
  ...['XDG_DATA_DIRS', 'XDG_CONFIG_DIRS'],
]
/** The display and the session that it belongs to. */
const display = ['DISPLAY', 'XAUTHORITY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR', 'XDG_SESSION_TYPE']
const desktop = [
  ...display,
  ...['XDG_SESSION_ID', 'XDG_SESSION_DESKTOP', 'XDG_CURRENT_DESKTOP', 'DESKTOP_SESSION'],
  ...['SWAYSOCK', 'I3SOCK', 'HYPRLAND_INSTANCE_SIGNATURE'],
]
const buses = ['DBUS_SESSION_BUS_ADDRESS', 'DBUS_SYSTEM_BUS_ADDRESS']
const proxies = [
  ...['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  ...['no_proxy', 'NO_PROXY'],
]
/** What the AWS tools look at. Endpoints and the CA among them are ignored, and the doctor says so. */
const aws = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_CREDENTIAL_EXPIRATION'],
  ...['AWS_CREDENTIAL_SCOPE', 'AWS_ACCOUNT_ID', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE'],
  ...['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'],
  ...['AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_LOGIN_CACHE_DIRECTORY'],
  ...['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  ...['AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
  ...['AWS_EC2_METADATA_DISABLED', 'AWS_EC2_METADATA_V1_DISABLED'],
  ...['AWS_EC2_METADATA_SERVICE_ENDPOINT', 'AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE'],
  ...['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
  ...['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL_SSO', 'AWS_ENDPOINT_URL_SSO_OIDC'],
  'AWS_CA_BUNDLE',
  ...['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT', 'AWS_STS_REGIONAL_ENDPOINTS'],
]
/** Where programs that lend credentials find what unlocks them. */
const keyrings = [
  ...['SSH_AUTH_SOCK', 'GNUPGHOME', 'GPG_AGENT_INFO', 'GPG_TTY', 'PASSWORD_STORE_DIR'],
  ...['AWS_VAULT_BACKEND', 'AWS_VAULT_PASS_PREFIX', 'KRB5CCNAME', 'KRB5_CONFIG'],
]
const terminal = [
  ...['TERM', 'TERM_PROGRAM', 'COLORTERM', 'TMUX', 'COLUMNS', 'LINES'],
  ...['NO_COLOR', 'FORCE_COLOR', 'CLICOLOR', 'CLICOLOR_FORCE'],
]
/** Everything that the agent or a program that it starts needs. */
const tracker = [...person, ...folders, ...desktop, ...buses, ...proxies, ...aws, ...keyrings]

export const programEnvironments = {
  // These two start the agent, so they have to know what it needs.
  bridge: tracker,
  'command-line': [...tracker, ...terminal],
  agent: tracker,
  'input-hook': [...person, ...display],
  'picture-edit': person,
  'screen-grab': [...person, ...folders, ...desktop],
  'computer-facts': [...person, 'XDG_CURRENT_DESKTOP'],
  /** Programs of the system that look at the screen: grim, xrandr. */
  'screen-tool': [...person, ...folders, ...desktop],
  /** Programs of the desktop that show something to the person, or ask them: notify-send, zenity. */
  'desktop-tool': [...person, ...folders, ...desktop, ...buses],
  /** Programs that are asked about the computer: busctl, reg. */
  'system-tool': [...person, 'DBUS_SYSTEM_BUS_ADDRESS'],
  /** `credential_process` of the AWS tools. */
  'credential-process': [...person, ...folders, ...desktop, ...buses, ...proxies, ...aws, ...keyrings].filter(
    name => name !== 'ACTIVITY_TRACKER_HOME',
  ),
} as const satisfies Record<string, readonly string[]>

/** Of every program of ours that Node runs: no signal opens its inspector. */
export const nodeFlags: readonly string[] = ['--disable-sigusr1']
/** Of the command line: reading a month makes much that is young and soon gone, and half as much memory does for it. */
export const commandFlags: readonly string[] = [...nodeFlags, '--max-semi-space-size=1']

export type ProgramName = keyof typeof programEnvironments
type Environment = Readonly<Record<string, string | undefined>>

/** The part of `env` that the program is started with. */
export function environmentOf(program: ProgramName, env: Environment): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of programEnvironments[program]) {
    const value = env[name]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** What Node obeys before any code of ours runs, such as `NODE_OPTIONS=--inspect`. */
export function obeyedByNode(env: Environment): string[] {
  return Object.keys(env).filter(name => /^NODE_/i.test(name) && !harmless.has(name))
}
/** How Node's own parent processes and its test runner speak to a program. */
const harmless = new Set([
  ...['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NODE_UNIQUE_ID'],
  ...['NODE_TEST_CONTEXT', 'NODE_ENV', 'NODE_NO_WARNINGS'],
])
