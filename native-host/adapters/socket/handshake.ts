import { AppError } from '../../../protocol/errors.ts'
import { type Handshake, parseHandshake } from '../../../protocol/handshake.ts'
import { checkProtocol, protocolVersion } from '../../../protocol/messages.ts'
import { isProof, newNonce, prove, type Token } from './token.ts'

type Frames = AsyncIterator<unknown>
type Send = (step: Handshake) => void

/**
 * The agent's side: throws unless the client knows the token; false when the client left instead.
 * @throws AppError PROTOCOL_MISMATCH | MESSAGE_INVALID | AGENT_NOT_TRUSTED | FRAME_*
 */
export async function challengeClient(frames: Frames, send: Send, token: Token): Promise<boolean> {
  const first = await frames.next()
  if (first.done) return false
  checkProtocol(protocolIn(first.value))
  const challenge = parseHandshake('knock', first.value)
  const nonces = { client: challenge.nonce, agent: newNonce() }
  const proof = prove('agent', token, nonces)
  send({ type: 'challenge', protocol: protocolVersion, nonce: nonces.agent, proof })
  const second = await frames.next()
  if (second.done) return false
  if (!isProof(parseHandshake('proof', second.value).proof, 'client', token, nonces))
    throw new AppError('AGENT_NOT_TRUSTED', { detail: 'a program that connected gave a wrong proof' })
  return true
}

/**
 * The client's side: throws unless the agent knows the token. The agent answers the client's proof
 * only when it was wrong.
 * @throws AppError as the agent refused, PROTOCOL_MISMATCH | MESSAGE_INVALID | AGENT_NOT_TRUSTED | FRAME_*
 */
export async function challenge(
  next: () => Promise<unknown>,
  send: Send,
  readToken: () => Promise<Token>,
): Promise<void> {
  const client = newNonce()
  send({ type: 'knock', protocol: protocolVersion, nonce: client })
  const challenge = parseHandshake('challenge', await next())
  checkProtocol(challenge.protocol)
  // Not before an answer: an agent makes the token first and listens then.
  const token = await readToken()
  const nonces = { client, agent: challenge.nonce }
  if (!isProof(challenge.proof, 'agent', token, nonces)) throw new AppError('AGENT_NOT_TRUSTED')
  send({ type: 'proof', proof: prove('client', token, nonces) })
}

/** Also of the hello with which older sides began. */
function protocolIn(message: unknown): number {
  const named = typeof message === 'object' && message !== null && 'protocol' in message
  return named && typeof message.protocol === 'number' ? message.protocol : protocolVersion
}
