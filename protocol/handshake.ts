import * as v from 'valibot'
import { AppError } from './errors.ts'

/**
 * What comes before the first message on the local socket: both sides prove to each other that they can read the same
 * secret file, which only this user can. Neither sends the secret itself.
 *
 *   client → agent   knock      a fresh nonce
 *   agent → client   challenge  a nonce of its own, and its proof over both
 *   client → agent   proof      its proof over both
 *
 * The version comes first, so that sides of different versions learn that and nothing stranger. Browsers see none of
 * this: it is between the bridge, or the command line, and the agent.
 */

/** 32 bytes, none of which another program can guess. */
const bytes32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))

export const handshakeSchema = v.variant('type', [
  v.object({ type: v.literal('knock'), protocol: v.number(), nonce: bytes32 }),
  v.object({ type: v.literal('challenge'), protocol: v.number(), nonce: bytes32, proof: bytes32 }),
  v.object({ type: v.literal('proof'), proof: bytes32 }),
])
export type Handshake = v.InferOutput<typeof handshakeSchema>

/** @throws AppError MESSAGE_INVALID when it is no step of a handshake, or another one than this */
export function parseHandshake<T extends Handshake['type']>(
  type: T,
  message: unknown,
): Extract<Handshake, { type: T }> {
  const result = v.safeParse(handshakeSchema, message)
  if (result.success && isOfType(result.output, type)) return result.output
  throw new AppError('MESSAGE_INVALID', { detail: `${type} has to come now` })
}

function isOfType<T extends Handshake['type']>(
  step: Handshake,
  type: T,
): step is Extract<Handshake, { type: T }> {
  return step.type === type
}
