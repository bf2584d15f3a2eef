import * as v from 'valibot'
import { AppError } from '../../protocol/errors.ts'
import {
  type AgentMessage,
  type ClientMessage,
  parseAgentMessage,
  parseClientMessage,
} from '../../protocol/messages.ts'
import { problemSchema } from '../../protocol/status.ts'

/**
 * What the extension's pages and its background script say to each other, over one port for each open page.
 * The background adds to the protocol only what it alone knows: how its connection to the host is doing.
 */
const linkSchema = v.variant('kind', [
  v.object({ kind: v.literal('connecting') }),
  v.object({ kind: v.literal('connected'), version: v.string() }),
  v.object({ kind: v.literal('lost'), problem: problemSchema }),
])
export type Link = v.InferOutput<typeof linkSchema>

/** What a page may ask of the agent. Everything else in the protocol is not a page's business. */
const relayed = [
  'acknowledge',
  'pause',
  'resume',
  'screenshot-now',
  'skip-screenshot',
  'show-day',
  'preview-held',
  'unlock-pictures',
  'blur-held',
  'delete-held',
  'withdraw-verdict',
  'open-days',
  'show-opened',
  'close-opened',
  'change-setting',
  'test-connection',
] as const
export type PageRequest = Extract<ClientMessage, { type: (typeof relayed)[number] }>
export type PageMessage = PageRequest | { type: 'check-again' }

/** What comes before the answer to a request, for the page that asked alone. */
export const news = [
  'connection-test',
  'held-preview',
  'day',
  'opening',
  'opened-pictures',
  'opened-day',
  'opened-picture',
] as const
const told = ['status', 'settings', ...news, 'done', 'failed'] as const
export type News = Extract<AgentMessage, { type: (typeof news)[number] }>
export type BackgroundMessage =
  | Extract<AgentMessage, { type: (typeof told)[number] }>
  | { type: 'link'; link: Link }

/** @throws AppError MESSAGE_INVALID */
export function parsePageMessage(message: unknown): PageMessage {
  if (v.is(v.object({ type: v.literal('check-again') }), message)) return { type: 'check-again' }
  const parsed = parseClientMessage(message)
  if (isOf(parsed, relayed)) return parsed
  throw new AppError('MESSAGE_INVALID', { detail: `a page may not send ${parsed.type}` })
}

/** @throws AppError MESSAGE_INVALID */
export function parseBackgroundMessage(message: unknown): BackgroundMessage {
  const link = v.safeParse(v.object({ type: v.literal('link'), link: linkSchema }), message)
  if (link.success) return link.output
  const parsed = parseAgentMessage(message)
  if (isOf(parsed, told)) return parsed
  throw new AppError('MESSAGE_INVALID', { detail: `a page is not told ${parsed.type}` })
}

export function isNews(message: BackgroundMessage): message is News {
  return isOf(message, news)
}

function isOf<M extends { type: string }, T extends string>(
  message: M,
  types: readonly T[],
): message is Extract<M, { type: T }> {
  return types.some(type => type === message.type)
}
