import type * as v from 'valibot'
import { maxBytesIn, maxBytesOut, maxDepth } from '../protocol/framing.ts'
import {
  type AgentMessage,
  agentMessageSchema,
  type ClientMessage,
  clientMessageSchema,
  nativeHostName,
  protocolVersion,
} from '../protocol/messages.ts'
import { describeSchema } from './describe-schema.ts'
import { code, table } from './markdown.ts'

/** What each message is for. A new variant without a row here does not compile. */
const fromClient: Record<ClientMessage['type'], string> = {
  hello:
    'The first message of every program on the way: the bridge, and each client, through the bridge or without it.',
  subscribe:
    'Asks for settings and status now and after every change. `live`: counts too, at most once a second. The last one counts.',
  'own-windows':
    'The answer to `ask-windows`: where the windows of one profile of one browser are. Decides what is blurred.',
  acknowledge: 'The person has read the text of this version and agrees; recording begins.',
  pause: 'Record nothing until then; null: until `resume`.',
  resume: 'Ends a pause.',
  'screenshot-now': 'Takes a screenshot of every screen.',
  'skip-screenshot': 'The screenshot that is due next is not taken. A record of that stays.',
  'preview-held': 'Asks for a held screenshot, small or large, to show it to the person.',
  'unlock-pictures':
    'Asks that held screenshots that are not blurred are shown to browsers for ten minutes. The person answers outside the browser.',
  'undo-weakening':
    'Puts back what the last weakening changed, and withdraws a consent that was part of it. Never gated.',
  confirm: 'The person’s answer to what a browser asked for. Refused to a browser.',
  'blur-held': 'Delivers the unreadable form of a held screenshot in its place.',
  'delete-held': 'Deletes a held screenshot. A record of that stays.',
  'record-input': 'Tells of every input event, without which key, until the client leaves.',
  'withdraw-verdict': 'The input of a span was the person’s: it counts as genuine from now on.',
  'show-day': 'How a date went, in spans, each with its cause: for a page that shows it.',
  'open-days':
    'Decrypts what lies on this computer of a date or its week, to show it. The person allows it outside the browser.',
  'show-opened': 'Asks for a screenshot of the decrypted day, small or large.',
  'close-opened': 'Ends what is still being decrypted for this client.',
  'change-setting': 'Changes one setting for good. Those of the computer are refused to a browser.',
  'test-connection': 'Walks to where records are delivered and tells of every step. Changes nothing.',
  'reload-keys': 'The recipients file has changed: read it again. Refused to a browser.',
  stop: 'Save, seal, deliver what can be delivered, and end. Refused to a browser.',
}
const fromAgent: Record<AgentMessage['type'], string> = {
  welcome: 'The answer to `hello`.',
  status:
    'Everything that popup, badge and `activity-tracker status` show: [protocol/status.ts](../protocol/status.ts).',
  settings: 'All settings with their values. Names that the other side does not know are passed over.',
  'recorded-input': 'Lines of a recording of input, to the client that asked for it.',
  'connection-test':
    'How far the test has got, whole after every change: [protocol/connection-check.ts](../protocol/connection-check.ts).',
  'held-preview': 'The held screenshot that was asked for. It is shown and not stored.',
  day: 'The date that was asked for: [protocol/day.ts](../protocol/day.ts).',
  opening: 'How far the decryption has got.',
  'opened-pictures': 'The screenshots of a decrypted date, without their bytes.',
  'opened-day': 'A decrypted date: [protocol/opened.ts](../protocol/opened.ts). It is shown and not stored.',
  'opened-picture': 'The screenshot that was asked for. It is shown and not stored.',
  'ask-windows': 'Asks an extension where its windows are, before and after a screenshot is taken.',
  done: 'The request of this id is done, and durable where it changes something.',
  failed: 'The request of this id was not done, and why.',
  refused: 'Why the agent closes the connection; the last message on it.',
}

export function protocolTables(): Record<string, string> {
  return {
    limits: table(
      ['what', 'value'],
      [
        ['name of the native host', code(nativeHostName)],
        ['protocol version', String(protocolVersion)],
        ['clients at the same time', '32'],
        ['messages of one connection', '20 a second, 60 at once'],
        ['a message to the agent', `at most ${maxBytesIn} bytes`],
        ['a message from the agent', `at most ${maxBytesOut} bytes`],
        ['nesting of its JSON', `at most ${maxDepth} deep`],
      ],
    ),
    'client messages': variants(clientMessageSchema.options, fromClient),
    'agent messages': variants(agentMessageSchema.options, fromAgent),
  }
}

type Variant = {
  entries: { type: { literal: string } } & Record<string, v.GenericSchema | { literal: string }>
}

function variants(options: readonly Variant[], meanings: Record<string, string>): string {
  return table(
    ['type', 'fields', 'meaning'],
    options.map(({ entries }) => {
      const { type, ...fields } = entries
      return [code(type.literal), describeFields(fields), meanings[type.literal] ?? '']
    }),
  )
}

function describeFields(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, schema]) =>
      // A page of its own says what is in it.
      name === 'status' || name === 'report'
        ? code(name)
        : `${code(name)}: ${describeSchema(schema as v.GenericSchema)}`,
    )
    .join('<br>')
}
