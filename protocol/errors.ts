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
    sentence: 'The browser extension and the tracker on this computer have different versions.',
    next: 'Update both and restart the browser, then restart the tracker: activity-tracker stop && activity-tracker start',
    exit: exit.software,
  },
  MESSAGE_INVALID: {
    sentence: 'A message was not in the expected format and was ignored.',
    next: 'Update the extension and the tracker to the same version.',
    exit: exit.data,
  },
  FRAME_TOO_LARGE: {
    sentence: 'A message was too large, so the connection was closed.',
    next: 'Reload the extension. If it happens again, report it with this code.',
    exit: exit.data,
  },
  FRAME_MALFORMED: {
    sentence: 'A message could not be read, so the connection was closed.',
    next: 'Reload the extension. If it happens again, report it with this code.',
    exit: exit.data,
  },
  HOST_MISSING: {
    sentence: 'The tracker is not installed on this computer, or this browser is not connected to it.',
    next: 'Run this once in a terminal, then press Check again: activity-tracker install',
    exit: exit.unavailable,
  },
  AGENT_UNREACHABLE: {
    sentence: 'The tracker is not running.',
    next: 'Start it: activity-tracker start',
    exit: exit.unavailable,
  },
  AGENT_START_FAILED: {
    sentence: 'The tracker started but does not answer.',
    next: 'Read the last lines of its log. Find the log with: activity-tracker status',
    exit: exit.software,
  },
  ALREADY_RUNNING: {
    sentence: 'A tracker is already running for this user; a second one would count everything twice.',
    next: 'Nothing to do. To restart it: activity-tracker stop && activity-tracker start',
    exit: exit.later,
  },
  AGENT_NOT_ANSWERING: {
    sentence: 'A tracker is running for this user but does not answer, so no second one was started.',
    next: 'If it was stopped, resume it with kill -CONT PROCESS. Otherwise end it with kill -9 PROCESS, then run: activity-tracker start',
    exit: exit.later,
  },
  AGENT_NOT_TRUSTED: {
    sentence: 'The program that answers in the tracker’s place could not prove that it is your tracker.',
    next: 'Find and end the program that listens at the place named here, then run: activity-tracker start',
    exit: exit.denied,
  },
  AGENT_CROWDED: {
    sentence: 'Too many browsers and terminals are connected to the tracker.',
    next: 'Close one of them. If only a few are open, look for a program that keeps connecting.',
    exit: exit.later,
  },
  CALLER_REFUSED: {
    sentence: 'A different extension tried to use the tracker and was refused.',
    next: 'Check the extensions of this browser. Find the tracker’s own extension with: activity-tracker install',
    exit: exit.denied,
  },
  NOT_FROM_BROWSER: {
    sentence: 'This can only be changed outside the browser.',
    next: 'Run this in a terminal: activity-tracker settings set NAME VALUE',
    exit: exit.denied,
  },
  CONFIRMATION_WAITS: {
    sentence: 'This needs your answer on this computer, outside the browser. Nothing changes until then.',
    next: 'Answer in the window that asks, or in a terminal within ten minutes: activity-tracker confirm CODE',
    exit: exit.later,
  },
  CONFIRMATION_BUSY: {
    sentence: 'Another question is already waiting for your answer on this computer.',
    next: 'Answer that one first, then try again. See what it asks: activity-tracker confirm',
    exit: exit.later,
  },
  CONFIRMATION_GONE: {
    sentence: 'No question is waiting under this code. It was answered, or its ten minutes are over.',
    next: 'See what is waiting now: activity-tracker confirm',
    exit: exit.data,
  },
  CONFIRMATION_LOCKED: {
    sentence: 'You refused three requests from a browser, so no browser may ask again for a day.',
    next: 'To make the change yourself, use a terminal. List the commands: activity-tracker help',
    exit: exit.denied,
  },
  NOTHING_TO_UNDO: {
    sentence: 'Nothing has weakened your protection since the last undo.',
    next: 'See the current settings: activity-tracker settings get',
    exit: exit.data,
  },
  PICTURE_LOCKED: {
    sentence: 'This screenshot is not blurred, so no browser may show it until you allow that.',
    next: 'Allow it for ten minutes: activity-tracker unlock',
    exit: exit.denied,
  },
  DAYS_LOCKED: {
    sentence: 'Decrypted days are shown in a browser only after you allow it, for ten minutes.',
    next: 'Ask for the day again, and answer in the window that asks.',
    exit: exit.denied,
  },
  DAYS_REPLACED: {
    sentence: 'Another day was asked for, so this one was not decrypted to its end.',
    next: 'Open it again if you still want to see it.',
    exit: exit.later,
  },
  OPENED_GONE: {
    sentence: 'This screenshot is not on this computer any more, or not of the day that is open.',
    next: 'Open the day again.',
    exit: exit.unavailable,
  },
  CONSENT_NEEDED: {
    sentence: 'Nothing is recorded until you agree.',
    next: 'Open the welcome page of the extension and press Start, or run: activity-tracker start',
    exit: exit.denied,
  },
  NOT_TRACKING: {
    sentence: 'This works only while tracking is on. Tracking is paused, suspended or not started.',
    next: 'Resume first: activity-tracker resume',
    exit: exit.denied,
  },

  // Settings
  SETTING_UNKNOWN: {
    sentence: 'There is no setting with this name.',
    next: 'List all names: activity-tracker settings get',
    exit: exit.usage,
  },
  SETTING_INVALID: {
    sentence: 'This setting does not accept that value.',
    next: 'See what it accepts: activity-tracker settings get NAME',
    exit: exit.usage,
  },
  CONFIG_BROKEN: {
    sentence: 'The configuration file could not be read. The tracker set it aside and uses the defaults.',
    next: 'Compare the file named here with docs/settings.md, or set the values again.',
    exit: exit.config,
  },
  IMPORT_FAILED: {
    sentence: 'The file could not be imported as settings.',
    next: 'It needs a [settings] section with lines such as: screenshot_interval = 300',
    exit: exit.data,
  },
  IMPORT_INCOMPLETE: {
    sentence: 'Part of the file was refused; the rest was imported.',
    next: 'Correct the part that is named here, and import the file again. Importing the rest twice does no harm.',
    exit: exit.data,
  },
  USAGE: {
    sentence: 'The command was not understood.',
    next: 'List the commands: activity-tracker help',
    exit: exit.usage,
  },

  // Input
  INPUT_NO_DISPLAY: {
    sentence: 'There is no graphical session in which to count keyboard and mouse activity.',
    next: 'Log in to a graphical session and start the tracker there, or set DISPLAY.',
    exit: exit.unavailable,
  },
  INPUT_HOOK_FAILED: {
    sentence: 'Keyboard and mouse activity cannot be counted right now.',
    next: 'Nothing to do; it retries by itself. If it keeps happening, check that no security software blocks the tracker.',
    exit: exit.unavailable,
  },
  INPUT_NOT_PERMITTED: {
    sentence: 'The system does not let the tracker see keyboard and mouse activity.',
    next: 'On macOS: System Settings → Privacy & Security → Accessibility and Input Monitoring → allow the tracker.',
    exit: exit.denied,
  },
  INPUT_RECORDED: {
    sentence:
      'A command on this computer is recording when you use keys and where you move the mouse. It never records which keys.',
    next: 'Press Ctrl+C in its terminal to stop it. It writes nothing while tracking is paused.',
    exit: exit.later,
  },
  INPUT_WAYLAND: {
    sentence:
      'Wayland does not allow input to be counted. Activity is recorded without detail, and counts are too low.',
    next: 'To count everything, choose a session "on Xorg" when you log in.',
    exit: exit.unavailable,
  },

  BATTERY_UNREADABLE: {
    sentence: 'The charge of this computer’s battery cannot be read.',
    next: 'Tracking continues at any charge. If it keeps happening, restart the computer.',
    exit: exit.unavailable,
  },

  // Screenshots
  CAPTURE_NO_DISPLAY: {
    sentence: 'There is no screen to take a screenshot of.',
    next: 'Log in to a graphical session and start the tracker there, or set DISPLAY.',
    exit: exit.unavailable,
  },
  CAPTURE_TOOL_MISSING: {
    sentence: 'A program that screenshots need is missing.',
    next: 'On Debian and Ubuntu: sudo apt install grim imagemagick x11-xserver-utils',
    exit: exit.unavailable,
  },
  CAPTURE_DEPTH: {
    sentence: 'This screen has a colour depth that the tracker cannot read by itself.',
    next: 'Set the screen to 24 bits, or install a program that can read it: sudo apt install imagemagick x11-xserver-utils',
    exit: exit.unavailable,
  },
  CAPTURE_NO_ROOM: {
    sentence:
      'There is not enough memory for a screenshot: the file system in /dev/shm is full or too small.',
    next: 'Free space in /dev/shm or enlarge it. For a container, use the option --shm-size=256m.',
    exit: exit.unavailable,
  },
  CAPTURE_WAYLAND: {
    sentence: 'This Wayland desktop does not allow screenshots.',
    next: 'For screenshots, choose a session "on Xorg" when you log in.',
    exit: exit.unavailable,
  },
  CAPTURE_TIMED_OUT: {
    sentence: 'A screenshot took too long and was cancelled.',
    next: 'Nothing to do; the tracker takes the next one on time. If it keeps happening, set a longer screenshot_interval.',
    exit: exit.later,
  },
  CAPTURE_FAILED: {
    sentence: 'A screenshot could not be taken.',
    next: 'Nothing to do; the tracker tries the next one on time. On macOS, allow Screen Recording in Privacy & Security.',
    exit: exit.unavailable,
  },
  HELD_GONE: {
    sentence: 'This screenshot is no longer held.',
    next: 'Nothing to do. It was deleted, or its time was over and it is uploading.',
    exit: exit.unavailable,
  },
  HELD_SEALED: {
    sentence: 'This screenshot can no longer be viewed or blurred, because the tracker has restarted since.',
    next: 'Delete it if it should not upload. Only the tracker’s memory could open it.',
    exit: exit.unavailable,
  },
  WINDOWS_UNKNOWN: {
    sentence: 'The tracker cannot see which windows are open here, so it blurs every screenshot.',
    next: 'Nothing to do. For sharp screenshots, clear “Apps to blur” and switch off “Blur screens with private windows”.',
    exit: exit.unavailable,
  },

  // Time
  ZONE_UNCLEAR: {
    sentence: 'This computer’s time zone cannot be read, so days are counted in the zone named here.',
    next: 'Choose a time zone in the system settings, or set the variable TZ to a name such as Europe/Berlin.',
    exit: exit.config,
  },

  // Storing
  STORE_NOT_WRITABLE: {
    sentence: 'The tracker cannot write to its folder, so recording has stopped.',
    next: 'Make the folder named here writable for you. Recording then resumes by itself.',
    exit: exit.io,
  },
  DISK_FULL: {
    sentence: 'The disk is full, so recording has stopped. Everything recorded so far is safe.',
    next: 'Free some space. Recording then resumes by itself.',
    exit: exit.io,
  },
  OUTBOX_FULL: {
    sentence: 'The upload queue is full, so recording has stopped. Everything recorded so far is safe.',
    next: 'See why it waits: activity-tracker status. Or allow more: activity-tracker settings set outbox_limit GIGABYTES',
    exit: exit.later,
  },
  STORE_DAMAGED: {
    sentence: 'A stored file was damaged and moved to quarantine. Everything else still works.',
    next: 'Check the disk. The file is in the folder named here.',
    exit: exit.io,
  },
  ACCOUNT_UNKNOWN: {
    sentence: 'The system does not list this user, so the tracker has no home folder for its files.',
    next: 'Create an entry for this user (useradd in a container), or set HOME to a folder that belongs to the user.',
    exit: exit.config,
  },
  PLACE_NOT_SAFE: {
    sentence:
      'The tracker does not use a file or folder that another user could have changed, or that is not a regular one.',
    next: 'Check what is named here. If it is yours, run chmod go-w on it. If it is a link or belongs to another user, move it away.',
    exit: exit.denied,
  },
  PLACE_STRANGERS: {
    sentence: 'The tracker’s folder contains things that the tracker did not put there. It ignores them.',
    next: 'Check what is named here, and move it away if you do not know it.',
    exit: exit.data,
  },
  STORE_NEWER: {
    sentence: 'A newer version of the tracker wrote the data stored here. It was left untouched.',
    next: 'Update the tracker to the newer version.',
    exit: exit.config,
  },
  NOT_SAVING: {
    sentence: 'Nothing has been saved for a while, although tracking is on.',
    next: 'Restart the tracker: activity-tracker stop && activity-tracker start',
    exit: exit.software,
  },

  // Keys and encrypted files
  KEYS_CHANGED: {
    sentence:
      'The keys on this computer differ from those you confirmed. Records are still encrypted for the confirmed keys.',
    next: 'See all keys: activity-tracker keys show. If you changed them: activity-tracker keys confirm. To restore the recipients: activity-tracker keys restore',
    exit: exit.config,
  },
  KEYS_UNCONFIRMED: {
    sentence:
      'This tracker has recorded before, but its list of confirmed keys is gone. It records nothing until you confirm the keys that it finds.',
    next: 'See them: activity-tracker keys show. If they are yours: activity-tracker keys confirm. If they are lost: activity-tracker keys new',
    exit: exit.config,
  },
  ANOTHER_TRACKER: {
    sentence:
      'This is not your account’s usual tracker. ACTIVITY_TRACKER_HOME selects another one, with its own keys and records.',
    next: 'If you did not mean that, stop it with: activity-tracker stop. Then start yours without the variable.',
    exit: exit.config,
  },
  SECOND_TRACKER: {
    sentence:
      'ACTIVITY_TRACKER_HOME names a folder that is not your tracker’s. A variable alone starts no second tracker, so nothing was done.',
    next: 'Use your own tracker: unset ACTIVITY_TRACKER_HOME. To have a second one in that folder, with its own keys and records: activity-tracker separate FOLDER',
    exit: exit.config,
  },
  KEYS_CODE_WRONG: {
    sentence: 'This code does not match the keys that are found now, so nothing was confirmed.',
    next: 'See the keys that are found now, and their code: activity-tracker keys show',
    exit: exit.data,
  },
  UNDELIVERED: {
    sentence: 'Some records have not been uploaded, so nothing was deleted.',
    next: 'Let them upload first: activity-tracker start, then status. Or delete them too: activity-tracker uninstall --purge --undelivered',
    exit: exit.later,
  },
  NO_RECIPIENT: {
    sentence: 'There is no key to encrypt the records for, so nothing can be uploaded.',
    next: 'Create one: activity-tracker keys new',
    exit: exit.config,
  },
  RECIPIENT_INVALID: {
    sentence: 'This is not an age recipient.',
    next: 'A recipient starts with "age1"; its owner finds it with: activity-tracker keys show',
    exit: exit.data,
  },
  IDENTITY_MISSING: {
    sentence: 'This computer has no identity to open this with.',
    next: 'Use the recovery file: activity-tracker open FILE --identity RECOVERY-FILE',
    exit: exit.input,
  },
  IDENTITY_LOCKED: {
    sentence:
      'A passphrase protects the identity file, and there is no terminal here in which to ask you for it.',
    next: 'Run the command in a terminal. Or save a copy without the passphrase and use that: age -d -o identity.txt FILE',
    exit: exit.config,
  },
  PASSPHRASE_WRONG: {
    sentence: 'This passphrase does not open the identity file.',
    next: 'Run the command again and enter the passphrase that you chose when you protected the file.',
    exit: exit.denied,
  },
  OPEN_FAILED: {
    sentence: 'The file could not be opened. It was encrypted for another identity, or it is damaged.',
    next: 'Try another recovery file with --identity, or get a fresh copy of the file.',
    exit: exit.data,
  },
  RECORDS_NOT_INTACT: {
    sentence:
      'The uploaded files are not as the tracker wrote them. Something was changed, moved or removed.',
    next: 'Compare them with another copy, such as a backup or the bucket. docs/verify.md explains each finding.',
    exit: exit.data,
  },
  SHARE_EMPTY: {
    sentence: 'There are no records of these dates to share.',
    next: 'Check --from and --until, and that the source holds what this computer uploaded.',
    exit: exit.data,
  },
  SHARE_OLD_RECORDS: {
    sentence: 'An old version wrote some of these records, and nothing of them can be withheld safely.',
    next: 'Choose dates after the one named here, or share them whole: without --only, with screenshots, from their first date.',
    exit: exit.data,
  },
  SHARE_TOO_LARGE: {
    sentence: 'This is more than one proof can hold.',
    next: 'Share fewer days at a time, or leave the pictures out: --without screenshots.',
    exit: exit.data,
  },
  PROOF_UNREADABLE: {
    sentence: 'This is not a proof, or it is damaged.',
    next: 'Give the file as the sender wrote it, whole, and for an encrypted one --identity.',
    exit: exit.data,
  },
  PROOF_NOT_SOUND: {
    sentence: 'The proof does not hold. Something in it was changed, moved or removed.',
    next: 'Ask the sender for the file again and compare its fingerprint. docs/proof.md explains each finding.',
    exit: exit.data,
  },
  RECORDING_INVALID: {
    sentence: 'This is not a recording of input, or one of its lines is broken.',
    next: 'A recording has the columns s,t,e,x,y,b with numbers in them. See docs/detection.md.',
    exit: exit.data,
  },
  PERIOD_INVALID: {
    sentence: 'That span of days does not exist.',
    next: 'Name a week such as 2026-W48, a month such as 2026-11, or dates such as 2026-11-23, the earlier one first.',
    exit: exit.usage,
  },
  REPORT_EMPTY: {
    sentence: 'There is nothing to report: no files of a tracker are there yet.',
    next: 'Start the tracker and let it upload, or name a folder or bucket: activity-tracker report SOURCE',
    exit: exit.input,
  },
  FILE_UNREADABLE: {
    sentence: 'The file could not be read.',
    next: 'Check the path, and that you may read the file.',
    exit: exit.input,
  },
  FILE_NOT_WRITABLE: {
    sentence: 'The file could not be written.',
    next: 'Make the folder named here writable for you, or choose another one.',
    exit: exit.io,
  },
  FILE_EXISTS: {
    sentence: 'The file already exists and was not overwritten.',
    next: 'Choose another name.',
    exit: exit.io,
  },

  // The folder for records
  DELIVERY_FOLDER_MISSING: {
    sentence: 'The folder for your records is missing.',
    next: 'Plug in its drive or create the folder again. Everything waiting is safe and will be saved there.',
    exit: exit.later,
  },
  DELIVERY_FOLDER_UNMARKED: {
    sentence: 'The folder for your records lacks the tracker’s marker file. Its drive may be unplugged.',
    next: 'Plug in the drive. If this is the right folder anyway, create the empty file named here.',
    exit: exit.later,
  },
  DELIVERY_FOLDER_NOT_WRITABLE: {
    sentence: 'The tracker cannot write to the folder for your records.',
    next: 'Free space there or make it writable. Everything waiting is safe and will be saved there.',
    exit: exit.later,
  },

  TEST_RUNNING: {
    sentence: 'A connection test is already running.',
    next: 'Wait for its result.',
    exit: exit.later,
  },

  // The way to the storage
  NETWORK_NONE: {
    sentence: 'This computer has no network connection right now.',
    next: 'Connect to a network. Everything waiting is safe and will upload.',
    exit: exit.later,
  },
  DNS_UNKNOWN: {
    sentence: 'The network cannot find the name of the storage server.',
    next: 'Check the endpoint and region settings for typing mistakes. Inside a company, connect to its VPN first.',
    exit: exit.later,
  },
  DNS_SILENT: {
    sentence: 'The network’s name service does not answer, so no address can be looked up.',
    next: 'Reconnect to the network, or restart the router. Everything waiting is safe and will upload.',
    exit: exit.later,
  },
  PROXY_UNREACHABLE: {
    sentence: 'The proxy set for this computer cannot be reached.',
    next: 'Check the proxy’s address, and that you are in its network.',
    exit: exit.later,
  },
  PROXY_UNUSABLE: {
    sentence: 'The proxy named in the environment cannot be used, and the tracker does not bypass it.',
    next: 'Put an http or https address into the variable shown here, or set a proxy: activity-tracker settings set proxy http://HOST:PORT',
    exit: exit.config,
  },
  PROXY_LOGIN_NEEDED: {
    sentence: 'The proxy asks for a user name and password.',
    next: 'If you use HTTPS_PROXY, put them into its address. Otherwise run: activity-tracker credentials set --proxy',
    exit: exit.denied,
  },
  PROXY_FORBIDS: {
    sentence: 'The proxy does not allow connections to the storage server.',
    next: 'Ask the proxy’s administrator to allow the address named here.',
    exit: exit.denied,
  },
  PROXY_FAILED: {
    sentence: 'The proxy could not connect to the storage server.',
    next: 'Check the endpoint setting. If it is right, tell the proxy’s administrator. The tracker retries by itself.',
    exit: exit.later,
  },
  PORT_DROPPED: {
    sentence:
      'The storage server’s address does not answer. Most often a firewall silently drops the connection.',
    next: 'Ask the network’s administrator to allow the address and port named here, or use another network.',
    exit: exit.later,
  },
  PORT_REFUSED: {
    sentence:
      'The connection to the storage server was refused. No server listens there, or a firewall closes the port.',
    next: 'Check the endpoint setting, and that the server is running. If both are right, ask the network’s administrator to open the port.',
    exit: exit.later,
  },
  PORT_REJECTED: {
    sentence: 'The network refuses the connection to the storage server.',
    next: 'Ask the network’s administrator to allow the address and port named here, or use another network.',
    exit: exit.later,
  },
  CONNECTION_CUT: {
    sentence: 'The connection to the storage server was cut off midway, perhaps by a filter.',
    next: 'Nothing to do; it retries by itself. If it keeps happening, try another network.',
    exit: exit.later,
  },
  CONNECTION_STALLED: {
    sentence: 'The connection to the storage server has stalled.',
    next: 'Nothing to do; it retries by itself. If it keeps happening, try another network.',
    exit: exit.later,
  },
  TLS_INTERCEPTED: {
    sentence:
      'The server’s certificate is not trusted here. A security filter is probably inspecting the connection.',
    next: 'If it is your company’s filter or your own server, trust its CA: activity-tracker settings set ca_file FILE',
    exit: exit.denied,
  },
  TLS_CERTIFICATE_INVALID: {
    sentence: 'The storage server’s certificate is for another name, or is not valid today.',
    next: 'Check the endpoint setting and this computer’s date. If both are right, tell the server’s administrator.',
    exit: exit.config,
  },
  CAPTIVE_PORTAL: {
    sentence: 'The network wants you to sign in. Its sign-in page answers instead of the storage server.',
    next: 'Open any page in the browser and sign in. Everything waiting is safe and will upload.',
    exit: exit.later,
  },
  FILTERED: {
    sentence: 'A filter answers with its own page instead of the storage server.',
    next: 'Ask the filter’s administrator to allow the address named here.',
    exit: exit.denied,
  },

  // The storage itself
  UPLOAD_CLOCK_WRONG: {
    sentence: 'This computer’s clock is wrong, so the storage server rejects its requests.',
    next: 'Set the clock, best by turning on automatic time in the system settings.',
    exit: exit.config,
  },
  UPLOAD_NO_CREDENTIALS: {
    sentence: 'There are no credentials for the bucket.',
    next: 'Enter some: activity-tracker credentials set. Or choose where they are: activity-tracker settings set credentials profile',
    exit: exit.config,
  },
  KEYCHAIN_UNAVAILABLE: {
    sentence: 'This computer’s keychain cannot be used. It is missing, locked or not answering.',
    next: 'Unlock it, or keep the credentials in a file that only you can read: activity-tracker credentials set --file',
    exit: exit.unavailable,
  },
  CREDENTIALS_INVALID: {
    sentence: 'These are not credentials, so nothing was saved.',
    next: 'Enter the access key id and the secret access key exactly as you received them, each on its own line.',
    exit: exit.data,
  },
  CA_FILE_INVALID: {
    sentence: 'The file of additional CA certificates contains no certificate.',
    next: 'It must be in PEM format, with lines of -----BEGIN CERTIFICATE-----. Ask the person who gave it to you.',
    exit: exit.config,
  },
  UPLOAD_CREDENTIALS_EXPIRED: {
    sentence: 'The credentials for the bucket have expired.',
    next: 'Renew them as described here; the tracker finds the new ones by itself. Or enter others: activity-tracker credentials set',
    exit: exit.denied,
  },
  UPLOAD_CREDENTIALS_WAIT: {
    sentence:
      'The credential program has not answered yet. It may be waiting for you, and has up to ten minutes.',
    next: 'Answer it if it asks for a code or a login. If it asks for nothing, run its credential_process line in a terminal and read what it says.',
    exit: exit.later,
  },
  UPLOAD_KEY_UNKNOWN: {
    sentence: 'The storage server does not know this access key.',
    next: 'Its administrator may have withdrawn the key. Enter the right one: activity-tracker credentials set',
    exit: exit.denied,
  },
  UPLOAD_SIGNATURE_WRONG: {
    sentence: 'The secret key does not match this access key.',
    next: 'Enter both again, exactly as you received them: activity-tracker credentials set',
    exit: exit.denied,
  },
  UPLOAD_DENIED: {
    sentence: 'The credentials are valid, but they do not allow this.',
    next: 'Ask the bucket’s owner to allow the action named here below the prefix.',
    exit: exit.denied,
  },
  UPLOAD_NO_BUCKET: {
    sentence: 'There is no bucket with this name.',
    next: 'Create it, or correct the name: activity-tracker settings set bucket_name NAME',
    exit: exit.config,
  },
  UPLOAD_WRONG_REGION: {
    sentence: 'The bucket is not in the region that the region setting names.',
    next: 'Set the region named here: activity-tracker settings set region REGION',
    exit: exit.config,
  },
  UPLOAD_NOT_S3: {
    sentence: 'The server at this address is not an S3 server.',
    next: 'Correct the address: activity-tracker settings set endpoint ADDRESS',
    exit: exit.config,
  },
  UPLOAD_STORAGE_FULL: {
    sentence: 'The storage is full, or your quota is used up.',
    next: 'Ask the storage’s administrator for more. Everything waiting is safe and will upload.',
    exit: exit.later,
  },
  UPLOAD_SLOW: {
    sentence: 'The connection to the storage server works but is slow.',
    next: 'Nothing to do if it is slow only now. If it keeps happening, take fewer or smaller screenshots.',
    exit: exit.later,
  },
  UPLOAD_BUSY: {
    sentence: 'The storage server is busy and asks the tracker to come back later.',
    next: 'Nothing to do; it retries by itself. Everything waiting is safe.',
    exit: exit.later,
  },
  UPLOAD_SERVER_ERROR: {
    sentence: 'The storage server has a problem of its own.',
    next: 'Nothing to do; it retries by itself. If it keeps happening, tell the server’s administrator.',
    exit: exit.later,
  },
  UPLOAD_FAILED: {
    sentence: 'The storage server gave an answer that the tracker does not know.',
    next: 'Nothing to do; it retries by itself. If it keeps happening, report it with what is named here.',
    exit: exit.later,
  },

  // Reading a bucket
  READ_DENIED: {
    sentence: 'The credentials are valid, but they do not allow reading this bucket.',
    next: 'Reading needs s3:ListBucket on the bucket and s3:GetObject on what is in it, which the tracker’s own credentials need not have. Ask the bucket’s owner for the action named here, or use other credentials with --profile.',
    exit: exit.denied,
  },
  READ_NO_CREDENTIALS: {
    sentence: 'There are no credentials to read the bucket with.',
    next: 'Name a profile of the AWS tools with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    exit: exit.config,
  },
  READ_CREDENTIALS_REFUSED: {
    sentence: 'The storage server does not accept these credentials.',
    next: 'Renew or correct what is named here, or use other credentials with --profile.',
    exit: exit.denied,
  },
  READ_NO_BUCKET: {
    sentence: 'The server has no bucket with this name to read.',
    next: 'Correct the name, or name the server that it is on with --endpoint.',
    exit: exit.config,
  },
  READ_WRONG_REGION: {
    sentence: 'The bucket is in another region.',
    next: 'Repeat the command with --region and the region named here.',
    exit: exit.config,
  },
  READ_NOT_S3: {
    sentence: 'The server that was to be read from is not an S3 server.',
    next: 'Correct the address that --endpoint names.',
    exit: exit.config,
  },
  READ_INTERRUPTED: {
    sentence: 'Reading from the bucket broke off, and trying again did not help.',
    next: 'Repeat the command later. A restore continues where it stopped.',
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
 * The one error type of the project. `detail` names the thing (a path, a setting and its limits), never its
 * contents: it is shown to the user and logged, so nothing secret may go into it. It is one short line, with
 * any content that it quotes.
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
