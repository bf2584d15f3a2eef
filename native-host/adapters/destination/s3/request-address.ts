import * as v from 'valibot'

/** Of a bucket, as the settings say it. */
type Bucket = { bucket: string; region: string; endpoint: string }

/**
 * Where requests for a bucket go: the SDK makes the address of the endpoint, the region and the bucket, so that it is
 * better asked than imitated. Nothing is sent.
 */
export async function addressOf({ bucket, region, endpoint }: Bucket): Promise<URL> {
  const { HeadBucketCommand, S3Client } = await import('@aws-sdk/client-s3')
  // It wants some before it makes an address. They sign nothing.
  const credentials = { accessKeyId: 'none', secretAccessKey: 'none' }
  const client = new S3Client({
    region,
    credentials,
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint !== '' && { endpoint, forcePathStyle: true }),
  })
  const command = new HeadBucketCommand({ Bucket: bucket })
  const address = Promise.withResolvers<URL>()
  command.middlewareStack.add(
    () => async args => {
      const { protocol, hostname, port, path } = v.parse(requestSchema, args.request)
      address.resolve(new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`))
      return { output: { $metadata: {} }, response: undefined }
    },
    { step: 'build', priority: 'high' },
  )
  try {
    await client.send(command)
    return await address.promise
  } finally {
    client.destroy()
  }
}

const requestSchema = v.object({
  protocol: v.string(),
  hostname: v.string(),
  port: v.optional(v.number()),
  path: v.string(),
})
