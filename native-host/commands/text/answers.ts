import type { SecretName } from '../../config/stored-secrets.ts'
import { counted } from '../../kernel/counted.ts'

const files = { one: 'file', other: 'files' }
const events = { one: 'event', other: 'events' }

/** What commands ask and answer. A detail of an error begins with a small letter: it follows the sentence of its code. */
export const answers = {
  /** What counts as yes to `[y/N]`. */
  yes: /^y(es)?$/i,

  start: {
    starting: 'Starting the tracker',
    waiting: 'Waiting for the first record',
    alreadyRunning:
      'The tracker is already running. If a browser started it, it stops with the browser. To keep it running: activity-tracker settings set keep_tracking true',
    question: 'Do you agree to start recording? [y/N] ',
    cannotAsk: 'there is no terminal to ask in; add --acknowledge',
    now: (where: string) => `Now: ${where}`,
    ownIsIn: (home: string) => `Yours is in ${home}.`,
  },
  stop: {
    saving: 'Saving and encrypting',
    notRunning: 'The tracker was not running.',
    stopped: 'Stopped. Everything is saved.',
  },
  pause: {
    until: (end: string) => `Paused until ${end}. Resume earlier: activity-tracker resume`,
    endless: 'Paused. Resume: activity-tracker resume',
    notDuration: (given: string) => `"${given}" is not a duration; use 15m, 1h30m, 2d or tomorrow`,
    tooLong: (days: number) =>
      `a pause can last at most ${days} days; without a duration, it lasts until you resume`,
  },
  resume: { resumed: 'Tracking has resumed.', over: 'The pause is over.' },
  screenshot: { taking: 'Taking a screenshot', taken: 'A screenshot was taken and encrypted.' },
  unlock: { unlocked: 'Browsers now show unblurred screenshots for ten minutes.' },

  confirm: {
    nothingWaiting: 'Nothing is waiting for your answer.',
    question: 'Allow it? [y/N] ',
    allowed: 'Allowed.',
    refused: 'Refused. Nothing has changed.',
    both: 'use either --yes or --no, not both',
    cannotAsk: 'there is no terminal to ask in; add --yes or --no',
    change: (what: string, from: string, to: string) => `${what}: ${from} → ${to}`,
  },
  undo: {
    withdrawn: 'Your agreement is withdrawn. Nothing is recorded.',
    nothing: 'Nothing to restore: the settings already protect you as before.',
  },

  settings: {
    limits: (limits: string, byDefault: string) => `Takes ${limits}. Default: ${byDefault}.`,
    empty: 'empty',
  },

  keys: {
    row: {
      recipient: (key: string) => `recipient  ${key}`,
      identity: (where: string) => `identity   ${where}`,
      device: (key: string) => `device key ${key}`,
    },
    keepCopy: 'Keep a copy of it elsewhere. If it is lost, nothing can be opened.',
    identityElsewhere: 'not on this computer',
    deviceLater: 'created at the first start',
    added: (recipient: string) => `Added. From now on, everything is also encrypted for ${recipient}.`,
    saved: (path: string) => `Saved: ${path}`,
    deletedHere: 'It is deleted from this computer. Anyone who has this file can open everything.',
    keptHere: 'It also stays on this computer. Anyone who has this file can open everything.',
    unconfirmed: (changes: string, code: string) => [
      `NOT CONFIRMED: ${changes}`,
      'Everything is still encrypted for the recipients above.',
      `To accept the keys that were found: activity-tracker keys confirm ${code}`,
      'To restore the list: activity-tracker keys restore',
    ],
    found: (changes: string) => `Found: ${changes}.`,
    question: 'Encrypt everything for these recipients and no others? [y/N] ',
    cannotAsk: (changes: string, code: string) =>
      `there is no terminal to ask in. Found: ${changes}. To accept this: activity-tracker keys confirm ${code}`,
    sameAlready: 'Nothing to confirm: these keys are already in use.',
    nothingConfirmed: 'Nothing was confirmed.',
    confirmed: (changes: string) => `Confirmed: ${changes}.`,
    restored: 'Restored.',
    /** Why there is no key yet where the first start makes one. */
    firstStartMakes: {
      'an identity': 'none yet; the first start creates one',
      'the list of recipients': 'none yet; the first start takes it from the identity on this computer',
    },
  },

  credentials: {
    place: { keychain: 'keychain', file: 'file' },
    stored: (place: string, what: string) => `Stored in the ${place}: ${what}`,
    proxyLogin: 'proxy login [set]',
    s3: (id: string, hasToken: boolean) =>
      `${id} with its secret [set]${hasToken ? ' and session token [set]' : ''}`,
    source: 'source',
    sourceWithProfile: (source: string, profile: string) => `${source}, profile ${profile}`,
    keychainUnavailable: 'not available',
    fileUnreadable: 'cannot be read',
    nothing: 'nothing',
    nothingStored: 'No credentials were stored.',
    deleted: (places: readonly string[]) =>
      `Deleted ${places.map(place => `from the ${place}`).join(' and ')}.`,
    settingIsNow: (value: string) => `The credentials setting is now ${value}.`,
    ask: {
      keyId: 'Access key ID: ',
      secret: 'Secret access key: ',
      token: 'Session token (optional): ',
      proxyName: 'Proxy user name: ',
      proxyPassword: 'Proxy password: ',
    },
    what: {
      keyId: 'the access key ID',
      secret: 'the secret access key',
      token: 'the session token',
      proxyName: 'the user name',
      proxyPassword: 'the password',
    },
    invalid: (what: string) => `${what} is missing or not valid`,
    idLooksLikeSecret: 'the access key ID looks like a secret access key; the two may have been swapped',
    secretLooksLikeId: 'the secret access key looks like an access key ID; the two may have been swapped',
  },

  import: {
    row: {
      imported: (what: string) => `imported  ${what}`,
      note: (what: string) => `note      ${what}`,
      ignored: (what: string) => `ignored   ${what}`,
      refused: (what: string) => `refused   ${what}`,
    },
    credentials: 'credentials [set]',
    nothing: 'This file has nothing to import.',
    failed: (refused: number) => `${refused} in all; each is listed above`,
  },

  open: {
    failed: (failed: number, tried: number) => `${failed} of ${counted(tried, files)}; each is listed above`,
  },

  detect: {
    noFile: 'name a recording to read, or use --record FILE',
    failed: (failed: number, tried: number) => `${failed} of ${counted(tried, files)}; each is listed above`,
    lineTooLong: (most: number) => `a line has more than ${most} characters`,
    disordered: (count: number) =>
      count === 1
        ? '1 event was out of order and was treated as simultaneous'
        : `${count} events were out of order and were treated as simultaneous`,
    restarts: (count: number) =>
      `time went back ${counted(count, { one: 'time', other: 'times' })}, and what followed was judged separately`,
    noFilesWithRecord: '--record writes one file and cannot be used with files to read',
    recording: (file: string) =>
      `Recording into ${file}, without saying which keys you press. Ctrl+C stops it.`,
    events: (count: number) => counted(count, events),
    recorded: (count: number, file: string) => `Recorded ${counted(count, events)} into ${file}.`,
  },

  separate: {
    made: (home: string, own: string) => [
      `${home} is now the folder of a second tracker.`,
      `To use it, set ACTIVITY_TRACKER_HOME to this path. Without the variable, your own tracker is used: ${own}`,
    ],
    isYours: (own: string) => `${own} is the folder of your own tracker`,
    holdsOthers: (home: string) => `${home} holds other files; name a new or an empty folder`,
  },

  install: {
    impossible: (sandbox: string) =>
      `not possible: it is a ${sandbox}, which cannot start programs on this computer`,
    launcher: (path: string) => `Browsers start: ${path}`,
    command: (path: string, onPath: boolean) =>
      `Command: ${path}${onPath ? '' : ' (not on the PATH of this terminal; log in again, or use the full path)'}`,
    extension: (path: string) => `Extension to load: ${path}`,
    extensions: (chromium: string, firefox: string) => `${chromium} or, for Firefox, ${firefox}`,
  },

  uninstall: {
    nothingInstalled: 'Nothing was installed.',
    removed: (path: string) => `removed ${path}`,
    rest: (home: string) => [
      `Your records, settings and keys stay in ${home}. Credentials that you stored in the keychain stay there.`,
      'To delete them too: activity-tracker uninstall --purge',
    ],
    nothingDeleted: 'Nothing was deleted.',
    deleted: 'Deleted.',
    stays: (what: string) => `stays: ${what}`,
  },

  purge: {
    secrets: {
      s3: 'the bucket credentials',
      proxy: 'the proxy login',
    } satisfies Record<SecretName, string>,
    inKeychain: (what: string) => `in the keychain: ${what}`,
    bucket: (bucket: string, prefix: string) =>
      `uploads in the bucket ${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    folder: (folder: string) => `uploads in the folder ${folder}`,
    keychainSilent: 'entries in the keychain, if you made any: the keychain is not available now',
    extension: 'what each browser stores for the extension: remove the extension there',
    willBeDeleted: 'This will be deleted permanently:',
    sized: (path: string, size: string, count: number) =>
      `${path}  ${size}${count > 1 ? `, ${counted(count, files)}` : ''}`,
    uploaded: (count: number) =>
      `this includes ${counted(count, files)} uploaded to the tracker’s own folder`,
    undelivered: (count: number) => `this includes ${counted(count, files)} NEVER UPLOADED`,
    keepIdentity:
      'To open files encrypted for this identity later, save a copy of it first: activity-tracker keys export FILE',
    staysHere: 'This stays:',
    notOurs: (name: string) => `${name}, which does not belong to the tracker`,
    cannotAsk: 'there is no terminal to ask in; add --yes',
    question: 'Delete all of this? [y/N] ',
    refused: (count: number) => counted(count, files),
  },

  progress: (doing: string) => `${doing} …`,
  progressFor: (doing: string, seconds: number) => `${doing} … ${seconds} s`,
  agentLeft: 'it stopped before it answered',
  noCommand: 'a command is missing',
  unknownCommand: (words: string) => `there is no command ${words}`,
  next: (what: string) => `  → ${what}`,
}
