import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { lstat, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../protocol/errors.ts'
import { readOwnFile } from '../../platform/files/own-files.ts'
import { isFileError } from '../../platform/files/store-error.ts'
import { makeFolder, writeDurably } from '../../platform/files/write-durably.ts'

/** The secret that the user's own programs share by being able to read it. */
export type Token = Uint8Array

const tokenBytes = 32

/**
 * The token of this user, made when there is none or when it may be known to others. Only the holder of the agent's
 * lock may call this.
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE
 */
export async function ensureToken(path: string): Promise<Token> {
  const known = await readPrivately(path)
  if (known) return known
  makeFolder(dirname(path))
  const token = randomBytes(tokenBytes)
  // Never write into what lies there: it may be a link, or another process may have it open.
  await rm(path, { recursive: true, force: true }).catch(() => undefined)
  await writeDurably(path, token)
  return token
}

/** @throws AppError AGENT_NOT_TRUSTED when there is none that only this user knows */
export async function readToken(path: string): Promise<Token> {
  const token = await readPrivately(path)
  if (token) return token
  throw new AppError('AGENT_NOT_TRUSTED', { detail: `${path} is not a token that only you can read` })
}

async function readPrivately(path: string): Promise<Token | undefined> {
  try {
    const entry = await lstat(path)
    // Windows has no such modes; there the folder of the user is closed to others.
    const isPrivate =
      process.platform === 'win32' || (entry.uid === process.getuid?.() && (entry.mode & 0o077) === 0)
    if (!entry.isFile() || !isPrivate) return undefined
    const bytes = readOwnFile(path, 'secret')
    return bytes?.length === tokenBytes ? bytes : undefined
  } catch (error) {
    // What cannot be read, or is no file any more, is no token.
    if (error instanceof AppError || isFileError(error, 'ENOENT') || isFileError(error, 'EACCES'))
      return undefined
    throw error
  }
}

export type Nonces = { client: string; agent: string }

export function newNonce(): string {
  return randomBytes(tokenBytes).toString('hex')
}

/** HMAC-SHA256 (RFC 2104). The side is part of what is signed, or what one side proves could be handed back to it. */
export function prove(side: 'agent' | 'client', token: Token, { client, agent }: Nonces): string {
  return createHmac('sha256', token).update(`activity-tracker ${side} ${client} ${agent}`).digest('hex')
}

export function isProof(proof: string, side: 'agent' | 'client', token: Token, nonces: Nonces): boolean {
  return timingSafeEqual(Buffer.from(proof), Buffer.from(prove(side, token, nonces)))
}
