import { createHash } from 'node:crypto'
import type { PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3'
import type { UploadProgress } from './upload-progress.ts'

/** What a request carries, with the sum over it in hex. */
export type Contents = { bytes: Uint8Array; sha256: string }

export function bodyOf({ bytes }: Contents, progress: UploadProgress) {
  return { Body: progress.body(bytes), ContentLength: bytes.length }
}

export function checksumOf({ sha256 }: Pick<Contents, 'sha256'>): string {
  return Buffer.from(sha256, 'hex').toString('base64')
}

/**
 * A server that refuses such a body answers early and hangs up, and a client that is still sending never reads the
 * answer. So leave is asked for first, which costs one way there and back.
 */
export const largeBytes = 1024 * 1024

/**
 * The SDK signs the contents of buffers only. Signed here too, every server refuses a body that was changed.
 * @param asksFrom bodies of this size and more wait for leave to be sent
 */
export function signContents(
  command: PutObjectCommand | UploadPartCommand,
  { bytes, sha256 }: Contents,
  asksFrom = largeBytes,
): void {
  // Of both kinds of command it is the same; as a union TypeScript cannot call it.
  const stack: PutObjectCommand['middlewareStack'] =
    command.middlewareStack as PutObjectCommand['middlewareStack']
  stack.add(
    next => args => {
      if (hasHeaders(args.request)) {
        args.request.headers['x-amz-content-sha256'] = sha256
        if (bytes.length >= asksFrom) args.request.headers.Expect = '100-continue'
      }
      return next(args)
    },
    { step: 'build' },
  )
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request
}

type Answer = {
  ETag?: string | undefined
  ChecksumSHA256?: string | undefined
  $metadata: { requestId?: string | undefined }
}

/**
 * A network login page answers 200 to everything, which the SDK takes for success. S3 gives an ETag and a request id;
 * R2 leaves the id out, but its ETag is the MD5 of what it stored. Who repeats the checksum has computed it.
 */
export function isProof({ ETag, ChecksumSHA256, $metadata }: Answer, contents: Contents): boolean {
  if (ETag === undefined) return false
  if (ChecksumSHA256 !== undefined && ChecksumSHA256 !== checksumOf(contents)) return false
  if ($metadata.requestId !== undefined) return true
  return ETag === `"${createHash('md5').update(contents.bytes).digest('hex')}"`
}
