import { wireBudgets } from './budgets.ts'
import { escapeControls } from './escape-controls.ts'

/**
 * Every failure a user can meet: a code that never changes its meaning, one sentence, one next step.
 * docs/errors.md is generated from this table, and so are the exit codes of the command line.
 *
 * `exit` follows sysexits.h where it has a word for the case, so that scripts can tell
 * "you typed something wrong" (64, 65) from "try later" (75) and "not allowed" (77, 78).
 */
type ErrorRow = { sentence: string; next: string; exit: number }

const exit = {
  usage: 64,
  data: 65,
  input: 66,
  unavailable: 69,
  software: 70,
  io: 74,
  later: 75,
  denied: 77,
  config: 78,
}

export const errorRows = {
  // Talking to each other
  PROTOCOL_MISMATCH: {
    sentence: 'The browser extension and the tracker on this computer are of different versions.',
    next: 'Update both, then restart the browser: activity-tracker stop && activity-tracker start',
    exit: exit.software,
  },
  MESSAGE_INVALID: {
    sentence: 'A message did not have the agreed form and was ignored.',
    next: 'Update the extension and the tracker to the same version.',
    exit: exit.data,
  },
  FRAME_TOO_LARGE: {
    sentence: 'A message was larger than the limit, and the connection was closed.',
    next: 'Reload the extension. If it happens again, report it with this code.',
    exit: exit.data,
  },
  FRAME_MALFORMED: {
    sentence: 'A message could not be read, and the connection was closed.',
    next: 'Reload the extension. If it happens again, report it with this code.',
    exit: exit.data,
  },
  HOST_MISSING: {
    sentence: 'The tracker is not installed on this computer, or this browser does not know of it.',
    next: 'Run this once in a terminal, then press Check again: activity-tracker install',
    exit: exit.unavailable,
  },
  AGENT_UNREACHABLE: {
    sentence: 'The tracker is not running.',
    next: 'Start it: activity-tracker start',
    exit: exit.unavailable,
  },
  AGENT_START_FAILED: {
    sentence: 'The tracker was started but did not answer.',
    next: 'Look at the last lines of its log, whose place `activity-tracker status` prints.',
    exit: exit.software,
  },
  ALREADY_RUNNING: {
    sentence: 'A tracker is already running for this user; a second one would count everything twice.',
    next: 'Nothing to do. To restart it: activity-tracker stop && activity-tracker start',
    exit: exit.later,
  },
  AGENT_NOT_ANSWERING: {
    sentence:
      'A tracker is there for this user, but it does not answer. A second one is not started beside it.',
    next: 'If it was stopped, let it go on with kill -CONT PROCESS. Otherwise end it with kill -9 PROCESS and run: activity-tracker start',
    exit: exit.later,
  },
  AGENT_NOT_TRUSTED: {
    sentence: 'What answers in the place of the tracker could not prove that it is this user’s tracker.',
    next: 'See whose program listens at the place named here and end it, then: activity-tracker start',
    exit: exit.denied,
  },
  AGENT_CROWDED: {
    sentence: 'So many browsers and terminals are connected to the tracker that it takes no more.',
    next: 'Close one of them. If there are not that many, look for a program that keeps on connecting.',
    exit: exit.later,
  },
  CALLER_REFUSED: {
    sentence: 'Another extension than that of the tracker asked for it, and was refused.',
    next: 'Look at the extensions of this browser. For the tracker’s own, load the one that `activity-tracker install` names.',
    exit: exit.denied,
  },
  NOT_FROM_BROWSER: {
    sentence: 'This can only be changed on the computer itself, not from the browser.',
    next: 'Use the command line: activity-tracker settings set NAME VALUE',
    exit: exit.denied,
  },
  CONFIRMATION_WAITS: {
    sentence: 'This waits for your answer on this computer, outside the browser. Until then nothing changes.',
    next: 'Answer in the window that asks, or within ten minutes in a terminal: activity-tracker confirm CODE',
    exit: exit.later,
  },
  CONFIRMATION_BUSY: {
    sentence:
      'Something else waits for your answer on this computer, and only one thing can be asked at a time.',
    next: 'Answer that first, then try again. See what it is: activity-tracker confirm',
    exit: exit.later,
  },
  CONFIRMATION_GONE: {
    sentence: 'Nothing waits under this code: it was answered, or its ten minutes are over.',
    next: 'See what waits now: activity-tracker confirm',
    exit: exit.data,
  },
  CONFIRMATION_LOCKED: {
    sentence: 'You refused three times what a browser asked for, so that for a day no browser may ask again.',
    next: 'If you want it yourself, do it in a terminal. See which commands there are: activity-tracker help',
    exit: exit.denied,
  },
  NOTHING_TO_UNDO: {
    sentence: 'Nothing has weakened what protects you since the last undo.',
    next: 'See how the settings are: activity-tracker settings get',
    exit: exit.data,
  },
  PICTURE_LOCKED: {
    sentence: 'This screenshot is not blurred, and no browser is shown it before you have allowed that.',
    next: 'Show such screenshots for ten minutes: activity-tracker unlock',
    exit: exit.denied,
  },
  CONSENT_NEEDED: {
    sentence: 'Nothing is recorded yet: the person at this computer has not agreed.',
    next: 'Open the welcome page of the extension and press Start, or run: activity-tracker start',
    exit: exit.denied,
  },
  NOT_TRACKING: {
    sentence: 'This needs tracking to be on, and it is paused, suspended or not started.',
    next: 'Resume first: activity-tracker resume',
    exit: exit.denied,
  },

  // Settings
  SETTING_UNKNOWN: {
    sentence: 'There is no setting of this name.',
    next: 'List all names: activity-tracker settings get',
    exit: exit.usage,
  },
  SETTING_INVALID: {
    sentence: 'The value does not fit this setting.',
    next: 'See the limits: activity-tracker settings get NAME',
    exit: exit.usage,
  },
  CONFIG_BROKEN: {
    sentence: 'The configuration file could not be read. It was kept aside, and the defaults are used.',
    next: 'Compare the file named here with docs/settings.md, or set the values again.',
    exit: exit.config,
  },
  IMPORT_FAILED: {
    sentence: 'The file to import could not be read as settings.',
    next: 'It needs a [settings] section with lines such as: screenshot_interval = 300',
    exit: exit.data,
  },
  USAGE: {
    sentence: 'The command was not understood.',
    next: 'See: activity-tracker help',
    exit: exit.usage,
  },

  // Input
  INPUT_NO_DISPLAY: {
    sentence: 'There is no display to count keyboard and mouse activity on.',
    next: 'Log in to a graphical session and start the tracker there, or set DISPLAY.',
    exit: exit.unavailable,
  },
  INPUT_HOOK_FAILED: {
    sentence: 'Keyboard and mouse activity cannot be counted right now.',
    next: 'Nothing to do: it is tried again by itself. If it stays, check that no security software blocks the tracker.',
    exit: exit.unavailable,
  },
  INPUT_NOT_PERMITTED: {
    sentence: 'The system does not let the tracker notice keyboard and mouse activity.',
    next: 'On macOS: System Settings → Privacy & Security → Accessibility and Input Monitoring → allow the tracker.',
    exit: exit.denied,
  },
  INPUT_RECORDED: {
    sentence:
      'A command on this computer is writing down when keys and where the mouse are used; never which keys.',
    next: 'It ends with Ctrl+C in its terminal, and while tracking is paused it writes nothing.',
    exit: exit.later,
  },
  INPUT_WAYLAND: {
    sentence:
      'A Wayland session lets nobody count input: activity is recorded without input detail, and counts are too low.',
    next: 'To have everything counted, choose a session "on Xorg" when logging in.',
    exit: exit.unavailable,
  },

  BATTERY_UNREADABLE: {
    sentence: 'This computer has a battery, and its charge cannot be read.',
    next: 'Tracking goes on, whatever the charge is. If it stays, restart the computer.',
    exit: exit.unavailable,
  },

  // Screenshots
  CAPTURE_NO_DISPLAY: {
    sentence: 'There is no display to take a screenshot of.',
    next: 'Log in to a graphical session and start the tracker there, or set DISPLAY.',
    exit: exit.unavailable,
  },
  CAPTURE_TOOL_MISSING: {
    sentence: 'A program that is needed for screenshots is missing.',
    next: 'On Debian and Ubuntu: sudo apt install grim imagemagick x11-xserver-utils',
    exit: exit.unavailable,
  },
  CAPTURE_DEPTH: {
    sentence: 'This display has a colour depth that the tracker cannot read by itself.',
    next: 'Set the display to 24 bits, or install what can read it: sudo apt install imagemagick x11-xserver-utils',
    exit: exit.unavailable,
  },
  CAPTURE_NO_ROOM: {
    sentence:
      'There is no room in memory for a screenshot: the file system in /dev/shm is full or too small.',
    next: 'Make room in /dev/shm or make it larger, for example in a container by its option --shm-size=256m.',
    exit: exit.unavailable,
  },
  CAPTURE_WAYLAND: {
    sentence: 'This Wayland desktop lets no program look at the screen.',
    next: 'To have screenshots, choose a session "on Xorg" when logging in.',
    exit: exit.unavailable,
  },
  CAPTURE_TIMED_OUT: {
    sentence: 'A screenshot took too long and was given up.',
    next: 'Take one when the computer is less busy; the next one is tried on time anyway. If it happens often, set a longer screenshot_interval.',
    exit: exit.later,
  },
  CAPTURE_FAILED: {
    sentence: 'A screenshot could not be taken.',
    next: 'Nothing to do: the next one is tried on time. On macOS allow Screen Recording in Privacy & Security.',
    exit: exit.unavailable,
  },
  HELD_GONE: {
    sentence: 'This screenshot is not held back any more.',
    next: 'Nothing to do: it was deleted, or its time was over and it is being delivered.',
    exit: exit.unavailable,
  },
  HELD_SEALED: {
    sentence: 'This screenshot cannot be looked at or blurred any more.',
    next: 'Delete it if it should not be delivered. The tracker was restarted after it was taken, and only its memory could open it.',
    exit: exit.unavailable,
  },
  WINDOWS_UNKNOWN: {
    sentence: 'It cannot be seen here which windows are open, so every screenshot is blurred as a whole.',
    next: 'Nothing to do. For sharp screenshots, empty the list of applications and switch off blurring of private windows.',
    exit: exit.unavailable,
  },

  // Time
  ZONE_UNCLEAR: {
    sentence: 'The time zone of this computer cannot be read, so days are counted in the one named here.',
    next: 'Choose a time zone in the system’s settings, or set the variable TZ to a name such as Europe/Berlin.',
    exit: exit.config,
  },

  // Storing
  STORE_NOT_WRITABLE: {
    sentence: 'The tracker cannot write to its folder, so nothing is being recorded.',
    next: 'Make the folder named here writable for you; recording goes on by itself.',
    exit: exit.io,
  },
  DISK_FULL: {
    sentence: 'The disk is full, so nothing more is being recorded. What was recorded is safe.',
    next: 'Free some space; recording goes on by itself.',
    exit: exit.io,
  },
  OUTBOX_FULL: {
    sentence:
      'So much waits to be delivered that the limit is reached, so nothing more is being recorded. What was recorded is safe.',
    next: 'See why it waits: activity-tracker status. Or allow more: activity-tracker settings set outbox_limit GIGABYTES',
    exit: exit.later,
  },
  STORE_DAMAGED: {
    sentence: 'A stored file was damaged. It was set aside in quarantine; everything else goes on.',
    next: 'Check the disk. The file is kept in the folder named here.',
    exit: exit.io,
  },
  ACCOUNT_UNKNOWN: {
    sentence:
      'The system does not list this user, so there is no home folder to keep the tracker’s files in.',
    next: 'Have an entry made for this user (useradd in a container), or set HOME to a folder that belongs to it.',
    exit: exit.config,
  },
  PLACE_NOT_SAFE: {
    sentence:
      'A file or folder of the tracker is not used, because another user could have changed it or because it is no plain file.',
    next: 'Look at what is named here. If it is yours: chmod go-w it. If it is a link or belongs to another user, move it away.',
    exit: exit.denied,
  },
  PLACE_STRANGERS: {
    sentence: 'In the folder of the tracker lie things that it did not put there. They are passed over.',
    next: 'Look at what is named here, and move it away if you do not know it.',
    exit: exit.data,
  },
  STORE_NEWER: {
    sentence: 'What is stored here was written by a newer version of the tracker, and was left untouched.',
    next: 'Update the tracker to the newer version again.',
    exit: exit.config,
  },
  NOT_SAVING: {
    sentence: 'Nothing has been saved for a while although tracking is on.',
    next: 'Restart the tracker: activity-tracker stop && activity-tracker start',
    exit: exit.software,
  },

  // Keys and sealed objects
  KEYS_CHANGED: {
    sentence:
      'The keys on this computer are not those that were confirmed. What is recorded is sealed for the confirmed ones, as before.',
    next: 'See all of them: activity-tracker keys show. If you changed them: activity-tracker keys confirm. To put recipients back: activity-tracker keys restore',
    exit: exit.config,
  },
  KEYS_UNCONFIRMED: {
    sentence:
      'This tracker has recorded before, and what it knew of its keys is gone. It records nothing until you confirm the keys that it finds.',
    next: 'Look at them: activity-tracker keys show. If they are yours: activity-tracker keys confirm. If they are lost: activity-tracker keys new',
    exit: exit.config,
  },
  ANOTHER_TRACKER: {
    sentence:
      'This is not the tracker of your account but another one, with keys and records of its own: ACTIVITY_TRACKER_HOME chose its folder.',
    next: 'If you did not mean that, end it with: activity-tracker stop. Then start yours where the variable is not set.',
    exit: exit.config,
  },
  KEYS_CODE_WRONG: {
    sentence: 'This code is not of the keys that are found now, so nothing was confirmed.',
    next: 'Look at what is found now, and its code: activity-tracker keys show',
    exit: exit.data,
  },
  UNDELIVERED: {
    sentence: 'Something was recorded and never delivered, so nothing was deleted.',
    next: 'Let it be delivered first: activity-tracker start, then status. Or delete it too: activity-tracker uninstall --purge --undelivered',
    exit: exit.later,
  },
  NO_RECIPIENT: {
    sentence: 'There is no key to seal the records for, so nothing can be delivered.',
    next: 'Create one: activity-tracker keys new',
    exit: exit.config,
  },
  RECIPIENT_INVALID: {
    sentence: 'This is not an age recipient.',
    next: 'A recipient starts with "age1"; its owner finds it with: activity-tracker keys show',
    exit: exit.data,
  },
  IDENTITY_MISSING: {
    sentence: 'There is no identity on this computer to open this with.',
    next: 'Give the recovery file: activity-tracker open FILE --identity RECOVERY-FILE',
    exit: exit.input,
  },
  IDENTITY_LOCKED: {
    sentence: 'The identity file is protected with a passphrase, which this program does not ask for.',
    next: 'Write it without the passphrase into a file of its own and use that: age -d -o identity.txt FILE',
    exit: exit.config,
  },
  OPEN_FAILED: {
    sentence: 'The object could not be opened: it is not for this identity, or it is damaged.',
    next: 'Try another recovery file with --identity, or fetch the object again.',
    exit: exit.data,
  },
  RECORDS_NOT_INTACT: {
    sentence: 'What was delivered is not as the tracker wrote it: something was changed, moved or taken out.',
    next: 'Compare it with a copy from elsewhere, such as a backup or the bucket. docs/verify.md says what each finding means.',
    exit: exit.data,
  },
  RECORDING_INVALID: {
    sentence: 'This is not a recording of input, or a line of it is broken.',
    next: 'A recording has the columns s,t,e,x,y,b with numbers in them: see docs/detection.md.',
    exit: exit.data,
  },
  FILE_UNREADABLE: {
    sentence: 'The file could not be read.',
    next: 'Check that the path is right and that you may read it.',
    exit: exit.input,
  },
  FILE_NOT_WRITABLE: {
    sentence: 'The file could not be written.',
    next: 'Make the folder named here writable for you, or name another one.',
    exit: exit.io,
  },
  FILE_EXISTS: {
    sentence: 'The file exists already and is not overwritten.',
    next: 'Choose another name.',
    exit: exit.io,
  },

  // Delivering
  DELIVERY_FOLDER_MISSING: {
    sentence: 'The folder that records are delivered to is not there.',
    next: 'Plug in its drive or make the folder again. What waits is safe and is delivered by itself.',
    exit: exit.later,
  },
  DELIVERY_FOLDER_UNMARKED: {
    sentence:
      'The folder that records are delivered to lacks the mark that was left in it; perhaps its drive is away.',
    next: 'Plug in the drive. If it is the right folder all the same, make the empty file named here.',
    exit: exit.later,
  },
  DELIVERY_FOLDER_NOT_WRITABLE: {
    sentence: 'The folder that records are delivered to cannot be written.',
    next: 'Free space there or make it writable. What waits is safe and is delivered by itself.',
    exit: exit.later,
  },

  TEST_RUNNING: {
    sentence: 'The connection is being tested already.',
    next: 'Wait for its result.',
    exit: exit.later,
  },

  // The way to the storage
  NETWORK_NONE: {
    sentence: 'This computer has no network connection right now.',
    next: 'Connect to a network. What waits is safe and is uploaded by itself.',
    exit: exit.later,
  },
  DNS_UNKNOWN: {
    sentence: 'The network does not know the name of the storage.',
    next: 'Check the endpoint and region settings for a typing mistake; inside a company, connect to its VPN first.',
    exit: exit.later,
  },
  DNS_SILENT: {
    sentence: 'The name service of the network does not answer, so that no address can be looked up.',
    next: 'Connect to the network again, or restart the router. What waits is safe and is uploaded by itself.',
    exit: exit.later,
  },
  PROXY_UNREACHABLE: {
    sentence: 'The proxy that this computer is told to use cannot be reached.',
    next: 'Check the address of the proxy, and that you are in the network that it belongs to.',
    exit: exit.later,
  },
  PROXY_UNUSABLE: {
    sentence: 'The proxy that the environment names cannot be used, and nothing is sent around it.',
    next: 'Name one of http or https in the variable shown here, or set one: activity-tracker settings set proxy http://HOST:PORT',
    exit: exit.config,
  },
  PROXY_LOGIN_NEEDED: {
    sentence: 'The proxy asks for a user name and a password.',
    next: 'With HTTPS_PROXY they belong into its address. With the proxy setting: activity-tracker credentials set --proxy',
    exit: exit.denied,
  },
  PROXY_FORBIDS: {
    sentence: 'The proxy does not allow connections to the storage.',
    next: 'Ask whoever runs the proxy to allow the address named here.',
    exit: exit.denied,
  },
  PROXY_FAILED: {
    sentence: 'The proxy could not get through to the storage.',
    next: 'Check the endpoint setting. If it is right, tell whoever runs the proxy; it is tried again by itself.',
    exit: exit.later,
  },
  PORT_DROPPED: {
    sentence:
      'Nothing answers at the address of the storage; most often a firewall silently drops the connection.',
    next: 'Ask whoever runs the network to allow the address and port named here, or use another network.',
    exit: exit.later,
  },
  PORT_REFUSED: {
    sentence:
      'The connection to the storage is refused: nothing listens there, or a firewall closes the port.',
    next: 'Check the endpoint setting and that the server runs. If so, ask whoever runs the network to open the port.',
    exit: exit.later,
  },
  PORT_REJECTED: {
    sentence: 'The network refuses to carry the connection to the storage.',
    next: 'Ask whoever runs the network to allow the address and port named here, or use another network.',
    exit: exit.later,
  },
  CONNECTION_CUT: {
    sentence: 'The connection to the storage was cut off in the middle, perhaps by a filter.',
    next: 'Nothing to do if it was once: it is tried again by itself. If it stays, try another network.',
    exit: exit.later,
  },
  CONNECTION_STALLED: {
    sentence: 'The connection to the storage stands still: nothing gets through it any more.',
    next: 'Nothing to do if it was once: it is tried again by itself. If it stays, try another network.',
    exit: exit.later,
  },
  TLS_INTERCEPTED: {
    sentence:
      'The certificate shown is from nobody this computer trusts: a filter opens the encrypted connection.',
    next: 'If it is your company’s filter, or your own server, trust its CA: activity-tracker settings set ca_file FILE',
    exit: exit.denied,
  },
  TLS_CERTIFICATE_INVALID: {
    sentence: 'The certificate of the storage is for another name, or it is not valid today.',
    next: 'Check the endpoint setting and the date of this computer. If both are right, tell whoever runs the server.',
    exit: exit.config,
  },
  CAPTIVE_PORTAL: {
    sentence: 'The network wants you to sign in: its login page answers instead of the storage.',
    next: 'Open any page in the browser and sign in. What waits is safe and is uploaded by itself.',
    exit: exit.later,
  },
  FILTERED: {
    sentence: 'A filter answers with a page of its own instead of the storage.',
    next: 'Ask whoever runs the filter to allow the address named here.',
    exit: exit.denied,
  },

  // The storage itself
  UPLOAD_CLOCK_WRONG: {
    sentence:
      'The clock of this computer is wrong, and storage accepts nothing that is signed at a wrong time.',
    next: 'Set the clock, best by turning on automatic time in the system’s settings.',
    exit: exit.config,
  },
  UPLOAD_NO_CREDENTIALS: {
    sentence: 'There are no credentials for the bucket.',
    next: 'Give some: activity-tracker credentials set. Or say where they are: activity-tracker settings set credentials profile',
    exit: exit.config,
  },
  KEYCHAIN_UNAVAILABLE: {
    sentence:
      'The keychain of this computer cannot be used: there is none, it is locked, or it did not answer.',
    next: 'Unlock it, or keep credentials in a file that only you can read: activity-tracker credentials set --file',
    exit: exit.unavailable,
  },
  CREDENTIALS_INVALID: {
    sentence: 'These are no credentials, and nothing was kept.',
    next: 'Give the access key id and the secret access key, exactly as they were handed to you, each on a line of its own.',
    exit: exit.data,
  },
  CA_FILE_INVALID: {
    sentence: 'The file of additional CA certificates holds no certificate.',
    next: 'It has to be in PEM form, with lines of -----BEGIN CERTIFICATE-----. Ask whoever gave it to you.',
    exit: exit.config,
  },
  UPLOAD_CREDENTIALS_EXPIRED: {
    sentence: 'The credentials for the bucket have expired.',
    next: 'Renew them as said here; new ones are found by themselves. Or give others: activity-tracker credentials set',
    exit: exit.denied,
  },
  UPLOAD_CREDENTIALS_WAIT: {
    sentence:
      'The program that lends the credentials has not answered yet; perhaps it waits for you. It may take ten minutes.',
    next: 'Answer it if it asks for a code or a login. If nothing asks, run the line of credential_process in a terminal and see what it says.',
    exit: exit.later,
  },
  UPLOAD_KEY_UNKNOWN: {
    sentence: 'The storage does not know this access key.',
    next: 'Give the right one; whoever runs the storage may have withdrawn it: activity-tracker credentials set',
    exit: exit.denied,
  },
  UPLOAD_SIGNATURE_WRONG: {
    sentence: 'The secret key does not belong to this access key.',
    next: 'Give both again, exactly as they were handed to you: activity-tracker credentials set',
    exit: exit.denied,
  },
  UPLOAD_DENIED: {
    sentence: 'The credentials are known, but they do not allow what is needed here.',
    next: 'Ask the owner of the bucket to allow the action named here below the prefix.',
    exit: exit.denied,
  },
  UPLOAD_NO_BUCKET: {
    sentence: 'There is no bucket of this name.',
    next: 'Create it, or correct it: activity-tracker settings set bucket_name NAME',
    exit: exit.config,
  },
  UPLOAD_WRONG_REGION: {
    sentence: 'The bucket is in another region than the region setting says.',
    next: 'Set the one named here: activity-tracker settings set region REGION',
    exit: exit.config,
  },
  UPLOAD_NOT_S3: {
    sentence: 'What answers at this address is not an S3 server.',
    next: 'Correct the address: activity-tracker settings set endpoint ADDRESS',
    exit: exit.config,
  },
  UPLOAD_STORAGE_FULL: {
    sentence: 'The storage is full, or the space that it grants is used up.',
    next: 'Ask whoever runs it for more. What waits is safe and is uploaded by itself.',
    exit: exit.later,
  },
  UPLOAD_SLOW: {
    sentence: 'The connection to the storage works, but it is slow.',
    next: 'Nothing to do if it is slow only now. If it stays, take fewer or smaller screenshots.',
    exit: exit.later,
  },
  UPLOAD_BUSY: {
    sentence: 'The storage is busy and asks to come back later.',
    next: 'Nothing to do: it is tried again by itself. What waits is safe.',
    exit: exit.later,
  },
  UPLOAD_SERVER_ERROR: {
    sentence: 'The storage has trouble of its own.',
    next: 'Nothing to do: it is tried again by itself. If it stays, tell whoever runs the storage.',
    exit: exit.later,
  },
  UPLOAD_FAILED: {
    sentence: 'The storage answered in a way that the tracker does not know.',
    next: 'Nothing to do: it is tried again by itself. If it stays, report it with what is named here.',
    exit: exit.later,
  },

  // Installing and running
  NO_BROWSER: {
    sentence: 'No supported browser was found.',
    next: 'Install Chromium, Chrome, Edge, Brave, Vivaldi, Opera or Firefox, then run: activity-tracker install',
    exit: exit.unavailable,
  },
  NOT_BUILT: {
    sentence: 'The tracker has not been built yet.',
    next: 'Build it: npm run build',
    exit: exit.config,
  },
  INTERNAL: {
    sentence: 'Something unexpected went wrong in the tracker.',
    next: 'Report it with the last lines of the log. Nothing recorded is lost.',
    exit: exit.software,
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errorRows

/** An error as it crosses a boundary: to the popup, to `--json`, into a record. */
export type Problem = { code: ErrorCode; detail?: string | undefined }

/**
 * The one error type of the project. `detail` names the thing (a path, a setting and its limits), never
 * its contents: it is shown to the user and logged, so nothing secret may go into it. It is one short line, whatever it
 * quotes.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly detail: string | undefined

  constructor(code: ErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const detail = options.detail === undefined ? undefined : oneLine(options.detail)
    super(`${code}: ${errorRows[code].sentence}${detail ? ` (${detail})` : ''}`, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.detail = detail
  }
}

function oneLine(detail: string): string {
  const { most } = wireBudgets.errorDetail
  const line = escapeControls(detail.slice(0, most + 1))
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`
}

/** What to show for any thrown value: itself when it is ours, INTERNAL otherwise. */
export function toProblem(error: unknown): Problem {
  if (!(error instanceof AppError)) return { code: 'INTERNAL' }
  return { code: error.code, ...(error.detail !== undefined && { detail: error.detail }) }
}
