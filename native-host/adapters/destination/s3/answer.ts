import { finished } from 'node:stream/promises'
import type { TransportResponse } from './transport.ts'

/** What the SDK gives of an upload that succeeded, as far as it counts here. */
export type S3Answer = {
  ETag?: string | undefined
  ChecksumSHA256?: string | undefined
  $metadata: { httpStatusCode?: number | undefined; requestId?: string | undefined }
}

/** Enough for an error of S3. A page may be longer, and is not read to its end. */
const mostBytes = 64 * 1024

/** @throws Error in the form of the SDK's, unless the status is one of success; the connection's own when it is cut */
export async function readAnswer({ statusCode, headers, body }: TransportResponse): Promise<S3Answer> {
  const requestId = headers['x-amz-request-id'] ?? headers['x-amzn-requestid']
  const $metadata = { httpStatusCode: statusCode, requestId }
  if (statusCode >= 200 && statusCode < 300) {
    // There is nothing in it, but it has to arrive.
    await finished(body.resume())
    return { ETag: headers.etag, ChecksumSHA256: headers['x-amz-checksum-sha256'], $metadata }
  }
  let text = ''
  for await (const chunk of body.setEncoding('utf8')) {
    text += chunk
    if (text.length > mostBytes) break
  }
  throw Object.assign(new Error(elementOf(text, 'Message') ?? `status ${statusCode}`), {
    Code: elementOf(text, 'Code'),
    Region: elementOf(text, 'Region'),
    $metadata,
    $response: { headers },
  })
}

/** A page may quote anything: only the XML of S3's errors counts. */
function elementOf(xml: string, name: string): string | undefined {
  if (!/^\s*(<\?xml[^>]*>\s*)?<Error\b/.test(xml)) return undefined
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
}
