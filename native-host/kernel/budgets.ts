import { type Budget, wireBudgets } from '../../protocol/budgets.ts'

/**
 * Every input has a budget, and this is the table of them. Code that reads from outside takes its limit from
 * here, before it allocates memory for the input. test/budgets.test.ts has an attempt at limit + 1 for every
 * row and fails for a row without one; docs/budgets.md is made from it.
 */
export const budgets = {
  ...wireBudgets,

  // The agent's socket
  // Browsers, profiles and terminals of one person. Eight would lock out people with several profiles in several
  // browsers; each may leave some megabytes unread, and this many of them are still no danger to the computer.
  clients: {
    what: 'clients of the agent at once',
    most: 32,
    unit: 'entries',
    beyond: 'AGENT_CROWDED: the next is refused',
  },
  // A handshake takes a millisecond, so that few are ever in one.
  strangers: {
    what: 'connections to the agent that have not proved yet who they are',
    most: 32,
    unit: 'entries',
    beyond: 'the one that has been there longest is ended',
  },
  handshakeTime: {
    what: 'the time that a connection has to prove who it is',
    most: 5000,
    unit: 'milliseconds',
    beyond: 'the connection ends',
  },
  unreadBytes: {
    what: 'what a client has been sent and has not read',
    most: 4 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection ends',
  },
  startReport: {
    what: 'why an agent could not start, as it says itself',
    most: 64 * 1024,
    unit: 'bytes',
    beyond: 'AGENT_START_FAILED, without the reason',
  },
  // Two pages that open and ask for everything they show at once.
  messageBurst: {
    what: 'messages of one client that are read at once',
    most: 60,
    unit: 'entries',
    beyond: 'the next is read when its turn has come',
  },
  // Enough for a person's clicks and the open pages; a program that sends more is faulty.
  messageRate: {
    what: 'messages of one client in a second, after those that are read at once',
    most: 20,
    unit: 'entries',
    beyond: 'the next is read when its turn has come, and meanwhile nothing more is taken from the client',
  },

  // Status
  statusBytes: {
    what: 'the lists of a status together',
    most: 640 * 1024,
    unit: 'bytes',
    beyond: 'the rest is left out and counted in `left_out`',
  },
  statusText: {
    what: 'a text in a status',
    most: 500,
    unit: 'characters',
    beyond: 'it is cut, and ends with …',
  },
  statusNotices: row('notices in a status', 20),
  statusHeld: row('held screenshots in a status', 24),
  statusBlurred: row('displays in a status that are blurred all the same', 64),
  statusFlagged: row('flagged stretches in a status', 50),
  statusDays: row('days in a status, each zone by itself', 40),
  statusZones: row('zones of one day in a status', 12),
  statusSlots: row('slots of ten minutes of a day in a status', 200),
  statusEvidence: row('evidence of one stretch in a status', 16),
  statusDevices: row('devices of one stretch in a status', 16),
  statusRecipients: row('recipients in a status', 100),
  statusChanges: row('changes that wait for an answer in a status', 50),

  // Our own files
  configBytes: {
    what: 'config.json',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'CONFIG_BROKEN: the defaults count, and the file stays as it is',
  },
  ownFileBytes: {
    what: 'a file of keys, recipients or credentials of our own, and the token',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE: it is not used, and stays as it is',
  },
  heldBytes: {
    what: 'a screenshot that is held back',
    most: 64 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE: it is not shown',
  },
  configProblems: {
    what: 'names and values in config.json that are listed one by one',
    most: 20,
    unit: 'entries',
    beyond: 'the others are counted in one notice',
  },

  recipients: {
    what: 'recipients that everything is sealed for',
    most: 100,
    unit: 'entries',
    beyond: 'RECIPIENT_INVALID: records wait unsealed until there are fewer',
  },
  certificateFile: {
    what: 'the certificates that `ca_file` names',
    most: 4 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE',
  },
  identityBytes: {
    what: 'an identity file that a person names',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE',
  },
  identities: {
    what: 'identities of a file that are tried',
    most: 100,
    unit: 'entries',
    beyond: 'the others are passed over and named',
  },

  // What age itself makes takes a quarter of it, for a second.
  passphraseMemory: {
    what: 'the memory that it takes to try a passphrase, which the file says itself',
    most: 1024 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE: no passphrase is tried',
  },

  importBytes: {
    what: 'a config.txt that is imported',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE: nothing is taken over',
  },
  answerBytes: {
    what: 'credentials on the standard input',
    most: 64 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE: nothing is kept',
  },

  reportCache: {
    what: 'what reports keep of the objects that they read',
    most: 2 * 1024 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'of further objects nothing is kept: they are read anew each time',
  },
  folderNames: {
    what: 'names in a folder that the tracker looks through for itself, such as its outbox',
    most: 1_000_000,
    unit: 'entries',
    beyond: 'the rest waits for the next start',
  },

  // Files of the system and of other programs
  awsFile: {
    what: 'a file that the AWS tools share: config, credentials, tokens',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE: no credentials are taken from it',
  },
  xAuthority: {
    what: 'the file that lets programs in at an X server',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'it is not read, and the display does not answer',
  },
  zoneFile: {
    what: 'a file of a time zone',
    most: 256 * 1024,
    unit: 'bytes',
    beyond: 'it is no time zone',
  },
  programFile: {
    what: 'the file beside a program with a window that says whether it is built on Firefox',
    most: 64 * 1024,
    unit: 'bytes',
    beyond: 'it is not read: the program is a Firefox of a name that is not known',
  },

  // Sealed objects
  objectBytes: {
    what: 'a sealed object that is opened or verified',
    most: 64 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE; to verify it is one finding',
  },
  objectHeader: {
    what: 'the header of a sealed object',
    most: 64 * 1024,
    unit: 'bytes',
    beyond: 'OPEN_FAILED: no identity is tried',
  },
  objectStanzas: {
    what: 'stanzas in the header of a sealed object',
    most: 128,
    unit: 'entries',
    beyond: 'OPEN_FAILED: no identity is tried',
  },
  zstdWindow: {
    what: 'the window that a compressed segment asks for',
    most: 8 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'OPEN_FAILED: nothing is unpacked',
  },
  segmentBytes: {
    what: 'a segment of records, unpacked',
    most: 32 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'OPEN_FAILED: nothing of it is handed on',
  },
  segmentLines: {
    what: 'records in a segment',
    most: 10_000,
    unit: 'lines',
    beyond: 'OPEN_FAILED: nothing of it is read',
  },
  recordBytes: {
    what: 'a record, which is a line of a segment',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'OPEN_FAILED: nothing of the segment is read',
  },

  // Proofs
  proofBytes: {
    what: 'a proof that is made or checked',
    most: 256 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'SHARE_TOO_LARGE when it is made; FILE_UNREADABLE when it is checked',
  },
  receivedHeads: {
    what: 'a file of heads that a proof is checked against',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'FILE_UNREADABLE',
  },

  // A folder of objects
  folderDepth: {
    what: 'folders within folders that are looked into',
    most: 16,
    unit: 'levels',
    beyond: 'they are passed over, which is a finding',
  },
  folderEntries: {
    what: 'names in one folder of objects',
    most: 100_000,
    unit: 'entries',
    beyond: 'the rest is passed over, which is a finding',
  },
  folders: {
    what: 'folders that are looked into',
    most: 20_000,
    unit: 'entries',
    beyond: 'the rest is passed over, which is a finding',
  },

  // Servers and proxies
  serverReply: {
    what: 'the body of what a server answers: the storage, or a service that lends credentials to a profile',
    most: 2 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'UPLOAD_NOT_S3: the connection ends',
  },
  proxyHead: {
    what: 'what a proxy answers when it is asked for a tunnel',
    most: 16 * 1024,
    unit: 'bytes',
    beyond: 'PROXY_FAILED: the connection ends',
  },
  probeReply: {
    what: 'what the test of the connection reads of an answer',
    most: 16 * 1024,
    unit: 'bytes',
    beyond: 'the rest is not read',
  },
  // A thousand names of 1024 bytes each, with every byte escaped.
  listReply: {
    what: 'one part of a list of objects that a server sends',
    most: 8 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'READ_NOT_S3: the connection ends',
  },
  listedObjects: {
    what: 'objects, and prefixes, in one part of a list that a server sends',
    most: 10_000,
    unit: 'entries',
    beyond: 'READ_NOT_S3: the list is not read',
  },
  listedParts: {
    what: 'parts of an upload that a server lists',
    most: 10_000,
    unit: 'entries',
    beyond: 'the list is not believed, and what was noted here counts',
  },

  // Recordings
  recordingLine: {
    what: 'a line of a recording that `detect` reads',
    most: 4096,
    unit: 'characters',
    beyond: 'RECORDING_INVALID: the rest of the file is not read',
  },

  // The desktop
  dbusMessage: {
    what: 'a message of D-Bus',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection ends as soon as it says its length',
  },
  dbusArray: {
    what: 'an array in a message of D-Bus',
    most: 512 * 1024,
    unit: 'bytes',
    beyond: 'the connection ends before a value of it is read',
  },
  dbusDepth: {
    what: 'values within values in a message of D-Bus',
    most: 16,
    unit: 'levels',
    beyond: 'the connection ends',
  },

  waylandMessage: {
    what: 'a message of Wayland',
    most: 16 * 1024,
    unit: 'bytes',
    beyond: 'the connection ends as soon as it says its length',
  },
  waylandGlobals: {
    what: 'things that a compositor of Wayland offers',
    most: 1000,
    unit: 'entries',
    beyond: 'the connection ends',
  },
  xReply: {
    what: 'a reply or an event of X, behind its first 32 bytes',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'the connection ends as soon as it says its length',
  },
  xWindows: {
    what: 'windows of X that are looked at for one screenshot',
    most: 4096,
    unit: 'entries',
    beyond: 'WINDOWS_UNKNOWN: none of them is believed',
  },
  xProperty: {
    what: 'a property of a window of X: its title, its class, its states',
    most: 64 * 1024,
    unit: 'bytes',
    beyond: 'the rest is not asked for',
  },
  xMonitors: {
    what: 'monitors of a display of X',
    most: 64,
    unit: 'entries',
    beyond: 'no screenshot is taken',
  },
  browserFile: {
    what: 'a file of a browser: what it is called, its preferences and policies',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'the rest is not read',
  },
  kernelFile: {
    what: 'a file of /proc or /sys',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'the rest is not read',
  },

  // Programs of the system
  toolOutput: {
    what: 'the output of a program of the system that is run to its end, also by a library of ours',
    most: 256 * 1024,
    unit: 'bytes',
    beyond: 'the program is ended, and has failed',
  },
  toolTime: {
    what: 'the time of a program of the system that needs no answer from the person',
    most: 60_000,
    unit: 'milliseconds',
    beyond: 'the program is ended, and has failed',
  },
  credentialPatience: {
    what: 'the time that an upload waits for a program that lends credentials',
    most: 15_000,
    unit: 'milliseconds',
    beyond: 'UPLOAD_CREDENTIALS_WAIT: the program goes on, and the next try takes its answer',
  },
  credentialTime: {
    what: 'the time of a program that lends credentials, which may ask a person',
    most: 10 * 60_000,
    unit: 'milliseconds',
    beyond: 'the program is ended, and the next try starts it again',
  },
  toolFile: {
    what: 'a file that a program of the system writes for us, such as the picture of grim',
    most: 512 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'the program is ended, and has failed',
  },
  dialogTime: {
    what: 'the time of a dialog on the desktop',
    most: 15 * 60_000,
    unit: 'milliseconds',
    beyond: 'the dialog is ended, and has not been answered',
  },
  answerTime: {
    what: 'the time of a program of ours that runs for one answer, and of all that it starts',
    most: 15_000,
    unit: 'milliseconds',
    beyond: 'all of them are ended, and there is no answer',
  },
  grabbedBytes: {
    what: 'the pictures of one screenshot that npm screenshot-desktop takes, together',
    most: 32 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'CAPTURE_FAILED: none of them is used',
  },
  grabbedFiles: {
    what: 'the files that programs of macOS and Windows leave for npm screenshot-desktop, together',
    most: 32 * 1024 * 1024,
    unit: 'bytes',
    beyond: 'CAPTURE_FAILED: no more of them is read',
  },
  // The library has it in memory by then; what follows would copy it and take it apart.
  keychainReply: {
    what: 'the answer of a keychain, once its library has read it',
    most: 65_536,
    unit: 'characters',
    beyond: 'KEYCHAIN_UNAVAILABLE: it is not parsed',
  },
  answerOfOurs: {
    what: 'a text in the answer of a program of ours that runs for one answer',
    most: 200,
    unit: 'characters',
    beyond: 'the answer is not believed',
  },
  dialogAnswer: {
    what: 'the output of a dialog on the desktop',
    most: 1000,
    unit: 'bytes',
    beyond: 'the dialog is ended, and has not been answered',
  },

  // A damaged database
  // The totals of every minute of three years. Rows are copied one at a time, so that their number takes no memory.
  salvagedRows: {
    what: 'rows of one table that are copied from a damaged database',
    most: 2_000_000,
    unit: 'entries',
    beyond: 'the others stay in the database that is set aside',
  },
  salvagedRow: {
    what: 'a row that is copied from a damaged database',
    most: 1024 * 1024,
    unit: 'bytes',
    beyond: 'it stays in the database that is set aside',
  },

  // The log
  logLine: {
    what: 'a line of the log',
    most: 16 * 1024,
    unit: 'characters',
    beyond: 'only its event and code are written',
  },
} as const satisfies Record<string, Budget>

export type BudgetName = keyof typeof budgets

function row(what: string, most: number): Budget {
  return { what, most, unit: 'entries', beyond: 'the rest is left out and counted in `left_out`' }
}
