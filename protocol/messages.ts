import * as v from 'valibot'
import { clientNameSchema } from './client-name.ts'
import { connectionReportSchema } from './connection-check.ts'
import { dateSchema, daySchema } from './day.ts'
import { AppError } from './errors.ts'
import { openedDaySchema, openedPicturesSchema } from './opened.ts'
import { ownWindowsSchema } from './own-windows.ts'
import { sessionVariablesSchema } from './session-variables.ts'
import { type SettingName, type Settings, type SettingValue, settingNames } from './settings.ts'
import { problemSchema, statusSchema } from './status.ts'

/**
 * Everything that crosses between a client (extension, command line) and the agent. Two unions, one each way;
 * both sides parse what they get. docs/protocol.md describes the order.
 *
 * `id` is chosen by the client and comes back in `done` or `failed`.
 */

/** Raise it when an old side could misunderstand a new one. */
export const protocolVersion = 3

/** The name under which browsers find the bridge. */
export const nativeHostName = 'org.activity_tracker.host'

/** In characters of base64: with the rest of its message it stays under what a browser takes (framing.ts). */
export const maxPreviewLength = 800_000

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const shortText = v.pipe(v.string(), v.maxLength(200))
/**
 * The form alone is not enough: `+14` is a good offset by ISO 8601, and Date.parse gives NaN for it; and with an offset
 * a moment may lie beyond the years that the form has.
 */
const instant = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check(text => !Number.isNaN(Date.parse(text)) && /^\d/.test(new Date(text).toISOString())),
)
const objectKey = v.pipe(v.string(), v.minLength(1), v.maxLength(300))
const settingValue = v.union([v.pipe(v.string(), v.maxLength(2000)), v.number(), v.boolean()])

export const clientMessageSchema = v.variant('type', [
  /**
   * The first message of every program on the way: the bridge says which browser started it, and the extension
   * or command line says who it is. One hello of each: what the first one said stands in every record that this
   * connection causes, and who said it decides what it may do.
   */
  v.object({
    type: v.literal('hello'),
    protocol: v.number(),
    version: v.pipe(v.string(), v.regex(/^[\w .+-]{1,40}$/)),
    program: v.picklist(['bridge', 'extension', 'command-line']),
    /** For people: "chromium", "firefox 153". */
    name: clientNameSchema,
    /** Of a bridge: the process of the browser that started it. */
    browser_pid: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    /** Of a bridge or a command: the session of the desktop in which it runs. */
    session: v.optional(sessionVariablesSchema),
  }),
  /**
   * Status and settings now, and again when something changed: with `live`, counts too, once a second;
   * without, only what was saved and what the badge needs. The last `subscribe` counts.
   */
  v.object({ type: v.literal('subscribe'), live: v.boolean() }),
  /**
   * The answer to `ask-windows`, with its `ask`: where the windows of this browser and profile are, as far as its
   * extension may know of them. It decides which displays are blurred. Extensions only.
   */
  v.object({ type: v.literal('own-windows'), ask: id, windows: ownWindowsSchema }),
  v.object({ type: v.literal('acknowledge'), id, text_version: v.number() }),
  v.object({ type: v.literal('pause'), id, until: v.nullable(instant) }),
  v.object({ type: v.literal('resume'), id }),
  v.object({ type: v.literal('screenshot-now'), id }),
  /** The one that is due next is not taken, and the one after it is due an interval later. */
  v.object({ type: v.literal('skip-screenshot'), id }),
  /**
   * What of a held screenshot can be looked at, for the extension's own page; `held-preview` and then `done` follow.
   * A small one is at most 320 pixels wide, a large one at most 1600.
   */
  v.object({ type: v.literal('preview-held'), id, object: objectKey, size: v.picklist(['small', 'large']) }),
  /**
   * Show held screenshots that are not blurred, for ten minutes. Of a browser it is a question to the person, who answers
   * it outside the browser: until then it fails with CONFIRMATION_WAITS.
   */
  v.object({ type: v.literal('unlock-pictures'), id }),
  /** The person's answer to what a browser asked for, by the code that was shown. Command line only. */
  v.object({
    type: v.literal('confirm'),
    id,
    code: v.pipe(v.string(), v.maxLength(20)),
    answer: v.picklist(['accept', 'refuse']),
  }),
  /** Put back what the last weakening changed, where it is still so, and withdraw a consent that was part of it. */
  v.object({ type: v.literal('undo-weakening'), id }),
  /** In place of the held screenshot its unreadable form is delivered. */
  v.object({ type: v.literal('blur-held'), id, object: objectKey }),
  v.object({ type: v.literal('delete-held'), id, object: objectKey }),
  /** That input was mine: what was flagged of the span counts as genuine, and what was discarded counts again. */
  v.object({ type: v.literal('withdraw-verdict'), id, from: instant, to: instant }),
  /** How a date went, in spans; `day` and then `done` follow. Asked for by pages that show it, and no part of the status. */
  v.object({ type: v.literal('show-day'), id, date: dateSchema }),
  /**
   * Decrypt what lies on this computer of a date, or of the week that it is in. `opening`, `opened-pictures` and `opened-day`
   * follow, and then `done`. Of a browser it is a question to the person, who answers it outside the browser, for ten
   * minutes: until then it fails with CONFIRMATION_WAITS. It ends the one before it of this client.
   */
  v.object({ type: v.literal('open-days'), id, date: dateSchema, span: v.picklist(['day', 'week']) }),
  /** One of the screenshots that were named by `opened-pictures`; `opened-picture` and then `done` follow. */
  v.object({ type: v.literal('show-opened'), id, object: objectKey, size: v.picklist(['small', 'large']) }),
  /** Nothing of it is shown any more: what is still being decrypted for this client ends. */
  v.object({ type: v.literal('close-opened'), id }),
  v.object({ type: v.literal('change-setting'), id, name: shortText, value: settingValue }),
  /** Walk to where records are delivered, as the settings say it, and tell of every step. Nothing is changed by it. */
  v.object({ type: v.literal('test-connection'), id }),
  /** The recipients file was changed on the computer: read it again. Command line only. */
  v.object({ type: v.literal('reload-keys'), id }),
  /**
   * Tell of every input event until this client leaves: when and where, never which key. Every client sees
   * that it is done. Command line only.
   */
  v.object({ type: v.literal('record-input'), id }),
  /** Seal, deliver what can be delivered, and end. Command line only. */
  v.object({ type: v.literal('stop'), id }),
])
export type ClientMessage = v.InferOutput<typeof clientMessageSchema>

const pictureEntries = {
  object: objectKey,
  width: v.number(),
  height: v.number(),
  format: v.picklist(['webp', 'jpeg']),
  bytes: v.pipe(v.string(), v.base64(), v.maxLength(maxPreviewLength)),
}

export const agentMessageSchema = v.variant('type', [
  v.object({ type: v.literal('welcome'), protocol: v.number(), version: v.string() }),
  v.object({ type: v.literal('status'), status: statusSchema }),
  v.object({ type: v.literal('settings'), settings: v.record(v.string(), settingValue) }),
  /** How far a test of the connection has got; `done` follows the last one. */
  v.object({ type: v.literal('connection-test'), id, report: connectionReportSchema }),
  v.object({ type: v.literal('day'), id, day: daySchema }),
  /** Lines as docs/detection.md describes them. */
  v.object({ type: v.literal('recorded-input'), id, lines: v.string() }),
  /** A held screenshot in base64. The client shows it and does not store it. */
  v.object({ type: v.literal('held-preview'), id, ...pictureEntries }),
  /** How many sealed files of how many were read; `unopened` of them could not be decrypted. */
  v.object({ type: v.literal('opening'), id, done: count, total: count, unopened: count }),
  /** The screenshots of a decrypted date in the order of time, in one message or in several. */
  v.object({
    type: v.literal('opened-pictures'),
    id,
    date: dateSchema,
    pictures: openedPicturesSchema,
    left_out: count,
  }),
  v.object({ type: v.literal('opened-day'), id, day: openedDaySchema }),
  /** A delivered or held screenshot in base64. The client shows it and does not store it. */
  v.object({ type: v.literal('opened-picture'), id, ...pictureEntries }),
  /** Before and after screenshots are taken, while browsers are open: `own-windows` answers it. To extensions only. */
  v.object({ type: v.literal('ask-windows'), ask: id }),
  v.object({ type: v.literal('done'), id }),
  v.object({ type: v.literal('failed'), id, problem: problemSchema }),
  /** Not an answer to one message: the connection ends after it. */
  v.object({ type: v.literal('refused'), problem: problemSchema }),
])
export type AgentMessage =
  | Exclude<v.InferOutput<typeof agentMessageSchema>, { type: 'settings' }>
  | {
      type: 'settings'
      settings: Partial<Settings>
    }

/** @throws AppError MESSAGE_INVALID. The message itself is not in the error: it may be logged. */
export function parseClientMessage(message: unknown): ClientMessage {
  return parse(clientMessageSchema, message)
}

/** Settings this side does not know are left out. @throws AppError MESSAGE_INVALID */
export function parseAgentMessage(message: unknown): AgentMessage {
  const parsed = parse(agentMessageSchema, message)
  if (parsed.type !== 'settings') return parsed
  const known = Object.entries(parsed.settings).filter((entry): entry is [SettingName, SettingValue] =>
    (settingNames as string[]).includes(entry[0]),
  )
  return { type: 'settings', settings: Object.fromEntries(known) as Partial<Settings> }
}

/** @throws AppError PROTOCOL_MISMATCH, the one error for the one cause */
export function checkProtocol(theirs: number): void {
  if (theirs === protocolVersion) return
  throw new AppError('PROTOCOL_MISMATCH', { detail: `protocol ${theirs} and ${protocolVersion}` })
}

function parse<S extends v.GenericSchema>(schema: S, message: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, message)
  if (result.success) return result.output
  const path = v.getDotPath(result.issues[0])
  throw new AppError('MESSAGE_INVALID', path ? { detail: `at ${path}` } : {})
}

/** What is asked, without the id that the sender of it gives. Distributes over the union, which Omit alone does not. */
export type WithoutId<M> = M extends unknown ? Omit<M, 'id'> : never
