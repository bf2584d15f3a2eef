/** One row of the table of budgets: what is bounded, how much of it is taken, and what happens beyond that. */
export type Budget = {
  what: string
  most: number
  unit: 'bytes' | 'characters' | 'levels' | 'entries' | 'lines' | 'milliseconds'
  beyond: string
}

/** Budgets that both sides of a connection keep. native-host/kernel/budgets.ts has the whole table. */
export const wireBudgets = {
  frameIn: {
    what: 'a message to the tracker',
    most: 64 * 1024,
    unit: 'bytes',
    beyond: 'the connection ends with FRAME_TOO_LARGE before a byte of it is kept',
  },
  /** Browsers end the connection at 1 MiB. */
  frameOut: {
    what: 'a message from the tracker',
    most: 1024 * 1024 - 1,
    unit: 'bytes',
    beyond: 'it is not sent; a reader ends the connection with FRAME_TOO_LARGE',
  },
  jsonDepth: {
    what: 'JSON of a message: values within values',
    most: 16,
    unit: 'levels',
    beyond: 'the connection ends with FRAME_MALFORMED',
  },
  ownWindows: {
    what: 'windows of a browser that its extension tells of',
    most: 200,
    unit: 'entries',
    beyond:
      'the connection ends with MESSAGE_INVALID; the extension leaves out the others, which then count as private',
  },
  /** A path can have 4,096 bytes. */
  errorDetail: {
    what: 'the detail of an error',
    most: 5000,
    unit: 'characters',
    beyond: 'it is cut, and ends with …',
  },
  // A day with all its spans and texts fits into one message.
  daySpans: {
    what: 'spans of a day that a page shows',
    most: 400,
    unit: 'entries',
    beyond: 'those that are near to each other are joined, and `joined` says so',
  },
  dayZones: {
    what: 'changes of the time zone on one day',
    most: 24,
    unit: 'entries',
    beyond: 'only the latest are reported',
  },
  dayText: {
    what: 'a text of a span of a day',
    most: 200,
    unit: 'characters',
    beyond: 'it is cut, and ends with …',
  },
  // Decrypted days cross in pieces, each of which fits into one message.
  openedPictures: {
    what: 'screenshots of a decrypted day in one message',
    most: 500,
    unit: 'entries',
    beyond: 'the others come in further messages',
  },
  openedDayPictures: {
    what: 'screenshots of a decrypted day that a page shows',
    most: 5000,
    unit: 'entries',
    beyond: 'the others are left out and counted in `left_out`',
  },
  openedFlags: {
    what: 'flagged stretches of a decrypted day that a page shows',
    most: 200,
    unit: 'entries',
    beyond: 'the others are left out; the seconds of all are in the totals',
  },
  recordDepth: {
    what: 'a record: values within values',
    most: 16,
    unit: 'levels',
    beyond: 'the line is no record',
  },
  recordText: {
    what: 'a text in a record',
    most: 16 * 1024,
    unit: 'characters',
    beyond: 'the line is no record',
  },
  recordList: {
    what: 'a list in a record',
    most: 10_000,
    unit: 'entries',
    beyond: 'the line is no record',
  },
} as const satisfies Record<string, Budget>
