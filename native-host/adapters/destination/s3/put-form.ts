import * as v from 'valibot'
import type { Extras } from '../../../delivery/upload-extras.ts'
import { readAnswer, type S3Answer } from './answer.ts'
import { type Contents, checksumOf } from './body.ts'
import type { Connection } from './connection.ts'
import { metadataHeaders } from './metadata.ts'
import { bucketOf, objectName, type S3Settings, storageOf } from './settings.ts'
import { encoded } from './transport.ts'
import type { UploadProgress } from './upload-progress.ts'

/**
 * What all uploads to a bucket have in common. The SDK lays out the first one, and the others are copies of
 * it with another key, length and sum, signed by the SDK's own signer: to lay out each again costs more than
 * everything else that is done with 300 kB (docs/decisions/0018).
 */
export type PutForm = {
  request: LaidOut
  /** Of the bucket, with a slash at its end. */
  path: string
  signer: Awaited<ReturnType<Connection['client']['config']['signer']>>
}

export type Put = {
  key: string
  settings: S3Settings
  contents: Contents
  extras: Extras
  condition: Condition
  /** A sum that does not fit, for which every server refuses the object. */
  wrongMd5?: string
}

/** Nothing is written over, unless the server says of the same object both that it is there and that it is not. */
export type Condition = 'only if new' | 'whatever is there'

const laidOutSchema = v.object({
  method: v.string(),
  protocol: v.string(),
  hostname: v.string(),
  port: v.optional(v.number()),
  path: v.pipe(v.string(), v.endsWith('/key')),
  query: v.record(v.string(), v.union([v.string(), v.array(v.string()), v.null()])),
  headers: v.record(v.string(), v.string()),
})
type LaidOut = v.InferOutput<typeof laidOutSchema>

/** A directory bucket wants a session and an access point of many regions another signature: the SDK knows how. */
const ordinarySchema = v.object({
  properties: v.object({
    authSchemes: v.tupleWithRest(
      [v.object({ name: v.literal('sigv4'), signingName: v.literal('s3'), signingRegion: v.string() })],
      v.unknown(),
    ),
  }),
})

/** undefined: each upload has to be laid out by the SDK. Nothing is sent for an ordinary bucket. */
export async function createPutTemplate(
  { sdk, client }: Connection,
  settings: S3Settings,
): Promise<PutForm | undefined> {
  const command = new sdk.PutObjectCommand({
    ...bucketOf(settings),
    ...storageOf(settings),
    Key: 'key',
    Body: '',
  })
  let form: PutForm | undefined
  command.middlewareStack.add(
    (_, context) => async args => {
      const ordinary = v.safeParse(ordinarySchema, context.endpointV2)
      if (ordinary.success) {
        const [scheme] = ordinary.output.properties.authSchemes
        const request = v.parse(laidOutSchema, args.request)
        const signer = await client.config.signer({ ...scheme, properties: {} })
        form = { request, path: request.path.slice(0, -'key'.length), signer }
      }
      return { output: { $metadata: {} }, response: undefined }
    },
    // Behind what the SDK itself does in this step, and before it signs and sends.
    { step: 'build', priority: 'low' },
  )
  await client.send(command)
  return form
}

/** @throws what the SDK would throw */
export async function putByForm(
  { client, transport, asksFrom }: Connection,
  { request, path, signer }: PutForm,
  { key, settings, contents, extras, condition, wrongMd5 }: Put,
  progress: UploadProgress,
): Promise<S3Answer> {
  const { bytes, sha256 } = contents
  const { port, ...fixed } = request
  const filledIn = {
    ...fixed,
    ...(port !== undefined && { port }),
    path: path + objectName(settings, key).split('/').map(encoded).join('/'),
    headers: {
      ...request.headers,
      'content-length': String(bytes.length),
      'x-amz-content-sha256': sha256,
      ...(extras.has('metadata') && metadataHeaders(bytes)),
      ...(extras.has('checksum') && { 'x-amz-checksum-sha256': checksumOf(contents) }),
      ...(extras.has('condition') && condition === 'only if new' && { 'if-none-match': '*' }),
      ...(wrongMd5 !== undefined && { 'content-md5': wrongMd5 }),
      ...(extras.has('expect') && bytes.length >= asksFrom && { Expect: '100-continue' }),
    },
  }
  const signingDate = new Date(Date.now() + client.config.systemClockOffset)
  const signed = await signer.sign(filledIn, { signingDate })
  const { response } = await transport.handle(
    { ...signed, body: progress.pieces(bytes) },
    { abortSignal: progress.signal },
  )
  // As the SDK does: who is refused because of a wrong clock signs by that of the server at the next try.
  const theirsMs = Date.parse(response.headers.date ?? '')
  if (!Number.isNaN(theirsMs)) client.config.systemClockOffset = theirsMs - Date.now()
  return readAnswer(response)
}
