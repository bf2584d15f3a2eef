import { pluralsOf } from './plurals.ts'

/**
 * Every text of the extension, by key. Settings, errors and the consent are tables of the same kind in protocol/, which
 * the command line shares. A translation is another object of the type Catalogue, in the place of `english` at the end.
 *
 * Values arrive formatted: times, totals and large numbers. A count beside one chooses the plural.
 */
const byCount = pluralsOf('en')

type Counted = { count: number; shown: string }

const english = {
  appName: 'Activity Tracker',
  manifest: {
    description:
      'Shows and controls the activity tracker on this computer: input counts and screenshots, encrypted for you.',
  },

  units: {
    seconds: (value: number | string) => `${value} s`,
    minutes: (value: number) => `${value} min`,
    hours: (value: number) => `${value} h`,
    days: (value: number) => byCount(value, { one: `${value} day`, other: `${value} days` }),
    percent: (value: number) => `${value} %`,
    pixels: (value: number) => `${value} px`,
    gigabytes: (value: number) => `${value} GB`,
    kilobytesPerSecond: (value: number) => `${value} kB/s`,
    noLimit: 'no limit',
    signs: { seconds: 's', percent: '%', pixels: 'px', GB: 'GB', 'kB/s': 'kB/s' },
    names: { seconds: 'seconds', percent: 'percent', pixels: 'pixels', GB: 'GB', 'kB/s': 'kB/s' },
  },
  when: {
    justNow: 'just now',
    ago: (age: string) => `${age} ago`,
    now: 'now',
    in: (wait: string) => `in ${wait}`,
  },
  on: 'On',
  off: 'Off',

  state: {
    connecting: 'Connecting',
    asking: 'Asking the tracker on this computer',
    notRecording: 'Not recording',
    noTracker: 'No tracker was found on this computer',
    lost: 'Connection lost',
    cannotTell: 'Can’t tell whether anything is being recorded',
    ready: 'Ready to start',
    untilYouAgree: 'Nothing is recorded until you agree',
    starting: 'Starting',
    firstRecord: 'Waiting for the first record to be saved',
    tracking: 'Tracking',
    waitingToUpload: (files: string) => `Waiting to upload (${files})`,
    waitingForFolder: (files: string) => `Waiting for the folder (${files})`,
    stillTracking: 'Still tracking. Everything is safe on this computer',
    paused: 'Paused',
    pausedUntil: (time: string) => `Paused until ${time}`,
    untilYouResume: 'Nothing is recorded until you resume',
    untilThen: 'Nothing is recorded until then',
    suspended: 'Suspended: low battery',
    untilPluggedIn: 'Resumes when you plug in',
    asOf: (time: string) => `As of ${time}`,
    lastSaved: (age: string) => `Last saved ${age}`,
    checkAgain: 'Check again',
    badge: (state: string) => `Activity Tracker: ${state}`,
    screenshotTaken: 'Activity Tracker: a screenshot was taken',
    notForThisExtension: 'It is installed, but not for this extension.',
    cannotStart: 'It is installed, but its program cannot be started.',
  },

  activity: {
    active: (total: string) => `${total} active`,
    flagged: (total: string) => `${total} flagged`,
    activeToday: 'active today',
    activeOn: (day: string) => `active on ${day}`,
    ofTracked: (total: string) => `Of ${total} tracked`,
    ofTrackedTime: 'of the tracked time',
    keys: 'Keys',
    clicks: 'Clicks',
    flaggedTerm: 'Flagged',
    counts: (counts: { keys: Counted; clicks: Counted; wheel: Counted; pixels: string }) =>
      [
        byCount(counts.keys.count, { one: `${counts.keys.shown} key`, other: `${counts.keys.shown} keys` }),
        byCount(counts.clicks.count, {
          one: `${counts.clicks.shown} click`,
          other: `${counts.clicks.shown} clicks`,
        }),
        byCount(counts.wheel.count, {
          one: `${counts.wheel.shown} wheel step`,
          other: `${counts.wheel.shown} wheel steps`,
        }),
        `${counts.pixels} px of pointer travel`,
      ].join(' · '),
  },

  chart: {
    asTable: 'Show as a table',
    empty: 'No activity yet today.',
    caption: 'Activity by hour',
    hour: 'Hour',
    active: 'Active',
    flagged: 'Flagged',
    bar: (bar: { time: string; active: string }) => `${bar.time}: ${bar.active} active`,
    barFlagged: (bar: { time: string; active: string; flagged: string }) =>
      `${bar.time}: ${bar.active} active, ${bar.flagged} flagged`,
  },

  flagged: {
    range: {
      genuine: (range: string) => `${range} looks genuine.`,
      suspect: (range: string) => `${range} looks unusual.`,
      scripted: (range: string) => `${range} looks scripted.`,
    },
    moment: {
      genuine: (moment: { length: string; time: string }) =>
        `${moment.length} at ${moment.time} look genuine.`,
      suspect: (moment: { length: string; time: string }) =>
        `${moment.length} at ${moment.time} look unusual.`,
      scripted: (moment: { length: string; time: string }) =>
        `${moment.length} at ${moment.time} look scripted.`,
    },
    showWhy: 'Show why',
    more: (count: number) => `${count} more flagged`,
    thisWasMe: 'This was me',
    withdrawn: 'Counts as yours again. The flag stays on record, marked as withdrawn.',
  },

  queue: {
    waiting: ({ count, shown }: Counted) =>
      byCount(count, { one: `${shown} file waiting`, other: `${shown} files waiting` }),
    waitingSince: ({ count, shown }: Counted, time: string) =>
      byCount(count, {
        one: `${shown} file waiting since ${time}`,
        other: `${shown} files waiting since ${time}`,
      }),
    waitingFor: ({ count, shown }: Counted, reason: string) =>
      byCount(count, { one: `${shown} file waiting ${reason}`, other: `${shown} files waiting ${reason}` }),
    withSize: (waiting: string, size: string) => `${waiting} (${size})`,
    nothingWaiting: 'nothing waiting',
    allUploaded: (time: string) => `All uploaded, last at ${time}`,
    allInFolder: (time: string) => `All in the folder, last at ${time}`,
    nothingUploaded: 'Nothing uploaded yet',
    nothingInFolder: 'Nothing in the folder yet',
    uploaded: ({ count, shown }: Counted) =>
      byCount(count, { one: `${shown} file uploaded`, other: `${shown} files uploaded` }),
    inFolder: ({ count, shown }: Counted) =>
      byCount(count, { one: `${shown} file put there`, other: `${shown} files put there` }),
    last: (time: string) => `last at ${time}`,
    nextTry: (wait: string) => `next try ${wait}`,
    nextTryAlone: (wait: string) => `Next try ${wait}`,
    damaged: (shown: string) => `${shown} damaged and set aside`,
  },

  screenshots: {
    off: 'Screenshots are off',
    change: 'Change',
    last: (time: string) => `Last one ${time}`,
    noneYet: 'None yet',
    taking: (screens: number) =>
      byCount(screens, {
        one: 'Taking a screenshot now',
        other: `Taking a screenshot of ${screens} screens now`,
      }),
    next: (screens: number, wait: string) =>
      byCount(screens, {
        one: `Next screenshot ${wait}`,
        other: `Next screenshot of ${screens} screens ${wait}`,
      }),
    nonePaused: 'No screenshots while paused',
    noneSuspended: 'No screenshots while suspended',
    nonePlanned: 'No screenshot planned right now',
    skip: 'Skip',
    skipLabel: 'Skip the next screenshot',
    takeNow: 'Take now',
    takeNowLabel: 'Take now: a screenshot',
    taken: 'Taken',
  },

  held: {
    heading: 'Held screenshots',
    showAll: (count: number) => `Show all ${count}`,
    some: 'Only this computer has these. View, blur or delete them before they upload.',
    someForFolder: 'These are not in the folder yet. View, blur or delete them before they go there.',
    none: (hold: string) =>
      `No screenshots held. New ones stay here for ${hold}, so you can view, blur or delete them.`,
    notHeld: (setting: string) => `New screenshots upload at once, because “${setting}” is 0.`,
    name: (name: { time: string; screen: number; of: number }) =>
      name.of > 1 ? `${name.time}, screen ${name.screen} of ${name.of}` : name.time,
    uploads: (wait: string) => `Uploads ${wait}`,
    goesToFolder: (wait: string) => `Goes to the folder ${wait}`,
    blurred: (fate: string) => `${fate}, blurred`,
    cannotShow: (fate: string) => `${fate}. Can’t be shown: the tracker has restarted since`,
    show: 'Show',
    unlock: 'Unlock',
    blur: 'Blur',
    delete: 'Delete',
    showLabel: (name: string) => `Show the screenshot from ${name}`,
    enlargeLabel: (name: string) => `Enlarge the screenshot from ${name}`,
    unlockLabel: (name: string) => `Unlock the screenshot from ${name}`,
    blurLabel: (name: string) => `Blur the screenshot from ${name}`,
    deleteLabel: (name: string) => `Delete the screenshot from ${name}`,
    contentLabel: (name: string) => `What the screenshot from ${name} shows`,
    title: (name: string) => `Screenshot from ${name}`,
    hidden: 'hidden',
    encrypted: 'encrypted',
    locked: 'Not blurred. No browser may show it until you allow that on this computer.',
    nowBlurred: 'Blurred. The sharp picture is gone.',
    nowDeleted: 'Deleted. The records still say that it was taken and deleted.',
    close: 'Close',
  },

  confirmation: {
    title: 'Waiting for your answer on this computer',
    change: (change: { what: string; from: string; to: string }) =>
      `${change.what}: ${change.from} → ${change.to}`,
    answer: (time: string) => `Answer in the window that asks, or in a terminal until ${time}:`,
  },

  command: {
    copy: 'Copy',
    copied: 'Copied',
    copyLabel: (command: string) => `Copy the command ${command}`,
  },

  keys: {
    none: 'There is no key yet. The tracker makes one on this computer before the first record.',
    here: 'The key that opens everything is on this computer.',
    hereIn: 'The key that opens everything is on this computer, in this file:',
    saveCopy: 'If this disk is lost and there is no copy, nothing can be opened. Save a copy:',
    notHere: 'No key on this computer can open it. Only the holders of the keys above can.',
  },

  setting: {
    saved: '✓ Saved',
    notSet: 'not set',
    inUnit: (label: string, unit: string) => `${label}, in ${unit}`,
    enterNumber: (limits: { min: number; max: number; unit: string }) =>
      `Enter ${limits.min} to ${limits.max} ${limits.unit}.`,
    enter: (limits: string) => `Enter ${limits}.`,
    stillSet: (value: string) => `Still set to ${value}.`,
    stillEmpty: 'Still empty.',
  },

  popup: {
    decide: 'See what is recorded, where it goes and who can open it, then decide.',
    review: 'Review and start',
    whatIsRecorded: 'What is recorded?',
    settings: 'Settings',
    testConnection: 'Test connection',
    pause: 'Pause',
    resume: 'Resume',
    pauseMenu: 'How long to pause',
    pauseFor: {
      '15m': '15 minutes',
      '1h': '1 hour',
      tomorrow: 'Until tomorrow',
      open: 'Until I resume',
    },
  },

  welcome: {
    title: 'Before anything is recorded',
    titleAgreed: 'What is recorded',
    intro:
      'Read what the tracker counts and who can open it. Nothing is recorded until you press Start below.',
    introAgreed: 'You agreed to this. You can pause at any time, from the toolbar or a terminal.',
    destination: 'Now:',
    keyHolders: 'Who holds a key',
    screenshots: 'Screenshots',
    host: 'The tracker on this computer',
    looking: 'Looking for it…',
    connected: (version: string) => `Connected to tracker ${version}`,
    lastAnswer: (age: string) => `, last answer ${age}`,
    notConnected: 'Not connected',
    test: 'Test',
    agree:
      'By pressing Start you agree that everything listed above is recorded on this computer from now on, until you pause or remove the tracker.',
    start: 'Start',
    nothingYet: 'Nothing is recorded yet.',
    connectFirst: 'The tracker on this computer must be connected first.',
    started: 'Started',
    agreed: (version: number, time: string) =>
      `You agreed to version ${version} of this text on this computer at ${time}.`,
    next: 'What to do next',
    pin: 'Keep the icon in sight. Press the puzzle piece in the toolbar and pin Activity Tracker. The icon is filled while the tracker records, and hollow while it does not.',
    press: 'Press the icon to see today’s figures, to pause, or to take a screenshot.',
    saveKey: 'Save a copy of the key elsewhere, with the command above.',
    allSettings: 'See all settings',
  },

  options: {
    sections: 'Sections',
    status: 'Status',
    data: 'Data',
    help: 'Help',
    testConnection: 'Test the connection',
    notAnswered: 'The tracker has not answered yet.',
    unreachable: 'The tracker cannot be reached.',
    lastKnown: 'Last known values. They can be changed once the tracker is back.',
    defaults: 'Default values. They can be changed once the tracker is back.',
    why: 'Why?',
    outsideOnly: 'Changed outside the browser only, so that a hijacked browser cannot redirect your records.',
  },

  report: {
    activeMinutes: 'Active minutes in every ten',
    inZone: (zone: string) => `In ${zone}`,
    screenshots: 'Screenshots',
    uploads: 'Uploads',
    folder: 'Folder',
    timeZone: 'Time zone',
    zoneAndOffset: (zone: string, offset: string) => `${zone}, UTC${offset}`,
    tracker: 'Tracker',
    version: (version: string, started: string) => `Version ${version}, running since ${started}`,
    clients: (count: number) =>
      byCount(count, {
        one: 'connected to 1 browser or terminal',
        other: `connected to ${count} browsers and terminals`,
      }),
    notShown: 'Not shown',
    tooMany: (lists: string) => `Too many: ${lists}`,
    ofList: (shown: string, list: string) => `${shown} of ${list}`,
    lastShot: (time: string) => `Last at ${time}.`,
    noShot: 'None yet.',
    shotsOff: 'Off.',
    zoneChanged: (from: string, time: string) => `changed from ${from} at ${time}`,
    clockSetBack: (length: string, time: string) => `the clock was set back by ${length} at ${time}`,
    clockSetForward: (length: string, time: string) => `the clock was set forward by ${length} at ${time}`,
  },

  days: {
    caption: (days: number) => byCount(days, { one: 'Last day', other: `Last ${days} days` }),
    day: 'Day',
    today: 'Today',
    dayBefore: 'The day before',
    dayAfter: 'The day after',
    active: 'Active',
    flagged: 'Flagged',
    timeZone: 'Time zone',
  },

  lanes: {
    label: 'The day in lanes',
    titles: { active: 'Active', idle: 'Idle', flagged: 'Flagged', paused: 'Paused', gap: 'Gap' },
    presences: {
      idle: 'No input',
      away: 'Away',
      locked: 'The screen was locked',
      asleep: 'The computer was asleep',
      unknown: 'Presence unknown',
    },
    atComputer: 'At the computer',
    unusual: 'Input that looked unusual or scripted',
    suspended: (cause: string) => `Suspended: ${cause}`,
    until: (cause: string, time: string) => `${cause}, until ${time}`,
    hint: 'Hover over a block, or use the arrow keys.',
    span: (span: { lane: string; times: string; length: string; why: string }) =>
      `${span.lane}, ${span.times}, ${span.length}: ${span.why}`,
    detail: (span: { lane: string; length: string; why: string }) =>
      `${span.lane}, ${span.length}. ${span.why}.`,
    joined: (minutes: number) => `Entries less than ${minutes} min apart are joined.`,
    caption: 'The day in spans',
    times: 'From–to',
    what: 'What',
    length: 'How long',
    why: 'Why',
    zoneFromHere: (zone: string) => `${zone} from here`,
    activeOfThere: (active: string, there: string) => `${active} active of ${there} at the computer`,
    idle: (total: string) => `${total} idle`,
    zoneUntil: (zone: string, time: string) => `${zone} until ${time}`,
    thenZone: ', then ',
  },

  picture: {
    label: 'The day',
    presence: 'Presence',
    shots: 'Screenshots',
    minutes: { full: '10 min', half: '5' },
    legend: {
      active: 'Active',
      idle: 'Idle',
      away: 'Away or locked',
      paused: 'Paused',
      off: 'Computer off',
      gap: 'Gap',
      flagged: 'Flagged',
      shot: 'Screenshot',
      withheld: 'Withheld',
      missing: 'Missing',
    },
    hint: 'Hover over a bar, or use the arrow keys.',
    now: (time: string) => `now ${time}`,
    offsetFromHere: (offset: string) => `UTC${offset} from here`,
    times: (times: string, what: string) => `${times}: ${what}`,
    both: (active: string, flagged: string) => `${active}, ${flagged}`,
    hidden: {
      withheld: 'Withheld: records of this time exist and are left out',
      missing: 'Missing: records of this time should exist and are not there',
    },
    summary: (summary: { active: string; there: string; idle: string; paused: string; gaps: string }) =>
      `${summary.active} active of ${summary.there} at the computer, ${summary.idle} idle, ${summary.paused} paused, ${summary.gaps} in gaps.`,
    summaryFlagged: (flagged: string) => ` ${flagged} flagged.`,
    hour: 'Hour',
    hours: 'The day by hours',
    nothing: 'Nothing was recorded on this date.',
  },

  shots: {
    delivered: 'Screenshot',
    blurred: 'Screenshot, blurred',
    deleted: 'Deleted by the person before upload',
    'on-its-way': 'Taken, not uploaded yet',
    missing: 'Missing: a record names it, and it is not there',
    withheld: 'Withheld',
    failed: (code: string) => `Could not be taken (${code})`,
    reasons: {
      unchanged: 'Not taken: the screen was unchanged',
      away: 'Not taken: away',
      locked: 'Not taken: the screen was locked',
      asleep: 'Not taken: the computer was asleep',
      user: 'Skipped by the person',
    },
    screen: (what: string, display: number, of: number) => `${what}, screen ${display} of ${of}`,
    screens: (count: number) => byCount(count, { one: '1 screen', other: `${count} screens` }),
    askedBy: (what: string, program: string) => `${what}, taken when ${program} asked`,
  },

  opened: {
    goTo: 'Go to a date',
    older: 'This day is too old to be kept readable here. Open it to see it.',
    how: 'Past days are encrypted. To see them, you allow it outside the browser; then this computer decrypts them for ten minutes. The browser stores none of it.',
    noKey: 'The key that opens past days is not on this computer. Where it is, open them in a terminal:',
    showDay: 'Show screenshots of this day',
    openDay: 'Open this day',
    showWeek: 'Show this week in figures',
    close: 'Close',
    refused: 'Not allowed, or not answered in time. Nothing was decrypted.',
    over: 'The ten minutes are over. What was decrypted is gone from this page.',
    begin: 'Opening…',
    progress: (progress: { done: string; total: string }) =>
      `Decrypting ${progress.done} of ${progress.total} files…`,
    progressLabel: 'Files decrypted',
    until: (time: string) => `Shown until ${time}.`,
    inBucket: 'What is only in the bucket is not shown here.',
    screenshots: 'Screenshots',
    none: 'There are no screenshots of this day.',
    nothing: 'Nothing of this day is on this computer.',
    nothingOfWeek: 'Nothing of this week is on this computer.',
    unopened: (count: number, shown: string) =>
      byCount(count, {
        one: '1 file could not be decrypted: it is damaged, or for another key.',
        other: `${shown} files could not be decrypted: they are damaged, or for another key.`,
      }),
    leftOut: (count: number, shown: string) =>
      byCount(count, {
        one: '1 more screenshot is not shown.',
        other: `${shown} more screenshots are not shown.`,
      }),
    hour: (hour: { hour: string; count: string }) => `${hour.hour} (${hour.count})`,
    screen: (name: { time: string; screen: number; of: number }) =>
      name.of > 1 ? `${name.time}, screen ${name.screen}` : name.time,
    enlarge: (name: string) => `Enlarge the screenshot from ${name}`,
    content: (name: string) => `What the screenshot from ${name} shows`,
    title: (name: string) => `Screenshot from ${name}`,
    deleted: 'deleted by you',
    notHere: 'not on this computer',
    failed: 'cannot be shown',
    loading: 'Loading…',
    before: 'Before',
    after: 'After',
    week: (days: { from: string; to: string }) => `${days.from} to ${days.to}`,
    day: 'Day',
    active: 'Active',
    there: 'At the computer',
    percent: 'Activity',
    paused: 'Paused',
    gaps: 'Gaps',
    flagged: 'Flagged',
    total: 'Total',
    asPercent: (percent: string) => `${percent} %`,
  },

  connection: {
    heading: 'Connection test',
    hint: 'Takes a few seconds and changes nothing.',
    test: 'Test connection',
    testing: 'Testing…',
    outcomes: {
      waiting: '',
      running: 'Checking…',
      ok: 'OK',
      'not-needed': 'Not needed',
      wrong: 'Fails here',
      'not-tried': 'Not tried',
    },
    found: (found: string, time: string) => `${found} (${time})`,
    after: (time: string) => `after ${time}`,
    begun: 'The test has started.',
    stepOk: (step: string) => `${step}: OK.`,
    ended: (result: string) => `The test has ended. ${result}`,
    uploadsArrive: 'Everything works. Uploads arrive.',
    folderWorks: 'Everything works. Records arrive in the folder.',
  },

  data: {
    inBucket: 'In the bucket',
    inFolder: 'In the folder',
    onThisComputer: 'On this computer',
    whoCanOpen: 'Who can open it',
    name: 'This computer’s name in the records',
    terminal: 'In a terminal',
    uploaded: ({ count, shown }: Counted) =>
      byCount(count, {
        one: `${shown} encrypted file was uploaded.`,
        other: `${shown} encrypted files were uploaded.`,
      }),
    putThere: ({ count, shown }: Counted) =>
      byCount(count, {
        one: `${shown} encrypted file was put there.`,
        other: `${shown} encrypted files were put there.`,
      }),
    kept: (parts: string) => `Settings, keys and log; ${parts}.`,
    waiting: ({ count, shown }: Counted, size: string) =>
      byCount(count, {
        one: `${shown} encrypted file waiting to upload (${size})`,
        other: `${shown} encrypted files waiting to upload (${size})`,
      }),
    waitingForFolder: ({ count, shown }: Counted, size: string) =>
      byCount(count, {
        one: `${shown} encrypted file waiting for the folder (${size})`,
        other: `${shown} encrypted files waiting for the folder (${size})`,
      }),
    nothingWaiting: 'no files waiting',
    held: ({ count, shown }: Counted) =>
      byCount(count, {
        one: `${shown} held screenshot, encrypted`,
        other: `${shown} held screenshots, encrypted`,
      }),
    noTotals: 'no totals yet',
    totals: 'minute totals and pauses of the last days, for the charts',
    open: 'Opens uploaded files: records as text, screenshots as pictures.',
    verify: 'Shows whether anything was changed or removed, and every gap with its cause.',
    keysShow: 'Shows the keys, and the one that this computer signs with.',
  },

  help: {
    consent: 'What is recorded, what never is, where it goes and who can open it',
    status: 'Shows what is recorded right now, and since when.',
    pause: 'Pauses for an hour. Also: 15m, tomorrow.',
    resume: 'Resumes tracking.',
    settings: 'Shows all settings with their values.',
    install: 'Connects the tracker to your browsers.',
    codes: 'What a code means',
    codesHint: 'Messages, logs and the terminal use these codes.',
    allCodes: (count: number) => `All ${count} codes`,
  },
} as const

/** Every language has the same keys and parameters. */
type Translated<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Translated<T[K]> }
export type Catalogue = Translated<typeof english>

/** The texts of this build. */
export const text: Catalogue = english
