import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3'
import { type S3Server, startS3Server } from '../support/s3-server.ts'
import { createAuthority } from './certificates.ts'
import { type Lab, openLab } from './lab.ts'
import { type NameAnswer, startNameServer } from './name-server.ts'
import {
  awsServer,
  createServers,
  cuttingServer,
  pageServer,
  relayTo,
  silentServer,
  sshServer,
  tlsRelayTo,
} from './servers.ts'
import { startSquid } from './squid.ts'

/** All that the cases meet: a real S3 server, a real proxy, name servers, and what else answers in networks. */
export type Internet = AsyncDisposable & {
  lab: Lab
  s3: S3Server
  /** Addresses of name servers, by what they do. */
  nameServers: Record<
    'good' | 'nobodyKnows' | 'silent' | 'trouble' | 'leadsToLogin' | 'isLogin' | 'says511',
    string
  >
  /** The file of the authority that made the good certificates. */
  caFile: string
  /** A folder that is there, for a file system to be mounted on. */
  mountPoint: string
}

export async function openInternet(): Promise<Internet> {
  await using starting = new AsyncDisposableStack()
  const lab = starting.use(await openLab())
  const s3 = starting.use(await startS3Server())
  const { listen } = starting.use(createServers())
  const s3Port = Number(new URL(s3.endpoint).port)
  const good = await createAuthority(lab.folder, 'Example Root CA')
  const filter = await createAuthority(lab.folder, 'Example Web Filter CA')
  const names = new Map<string, string>()
  let last = 0
  const place = async (name: string) => {
    const address = await lab.address(++last)
    names.set(`${name}.example.test`, address)
    return address
  }

  // The storage, by http and by https.
  const storage = await place('s3')
  await listen(relayTo(s3Port), storage, 80)
  await listen(tlsRelayTo(s3Port, await good.issue('s3.example.test')), storage, 443)
  await listen(
    tlsRelayTo(s3Port, await filter.issue('intercepted.example.test')),
    await place('intercepted'),
    443,
  )
  const lastYear = { fromDay: '20250101', toDay: '20250201' }
  await listen(
    tlsRelayTo(s3Port, await good.issue('expired.example.test', lastYear)),
    await place('expired'),
    443,
  )
  await listen(tlsRelayTo(s3Port, await good.issue('s3.example.test')), await place('other-name'), 443)

  // What answers in its place.
  await listen(cuttingServer(), await place('cut'), 443)
  await listen(silentServer(), await place('stall'), 80)
  await listen(sshServer(), await place('ssh'), 80)
  await listen(pageServer({ status: 404, headers: { server: 'nginx' } }), await place('web'), 80)
  await listen(pageServer({ status: 502 }), await place('gateway'), 80)
  await listen(
    pageServer({ status: 403, headers: { server: 'Example Web Filter' } }),
    await place('filtered'),
    80,
  )
  const leadsToLogin = await place('portal-302')
  const location = 'http://login.example.test/?from=s3'
  await listen(pageServer({ status: 302, headers: { location } }), leadsToLogin, 80)
  const isLogin = await place('portal-200')
  await listen(pageServer({ status: 200 }), isLogin, 80)
  const says511 = await place('portal-511')
  await listen(pageServer({ status: 511 }), says511, 80)

  // What AWS says and radosgw does not.
  const region = 'eu-central-1'
  await listen(awsServer(region, { status: 503, code: 'SlowDown' }), await place('busy'), 80)
  await listen(awsServer(region, { status: 500, code: 'InternalError' }), await place('broken'), 80)
  await listen(awsServer(region, { status: 400, code: 'ExpiredToken' }), await place('expiring'), 80)
  await listen(awsServer(region, 'redirect'), await place('moved'), 80)

  const nameServer = async (answer: (name: string) => NameAnswer) => {
    const address = await lab.address(++last)
    starting.use(await startNameServer(address, answer))
    return address
  }
  const to = (address: string) => (): NameAnswer => ({ address })
  const proxyAddress = await place('proxy')
  const nameServers = {
    good: await nameServer(name => {
      const address = names.get(name)
      return address === undefined ? 'nobody knows' : { address }
    }),
    nobodyKnows: await nameServer(() => 'nobody knows'),
    silent: await nameServer(() => 'silence'),
    trouble: await nameServer(() => 'trouble'),
    leadsToLogin: await nameServer(to(leadsToLogin)),
    isLogin: await nameServer(to(isLogin)),
    says511: await nameServer(to(says511)),
  }
  starting.use(
    await startSquid(lab.folder, {
      address: proxyAddress,
      nameServer: nameServers.good,
      forbidden: 's3.example.test',
    }),
  )

  await makeBuckets(s3)
  const mountPoint = join(lab.folder, 'read-only')
  await mkdir(mountPoint)
  const opened = starting.move()
  return {
    lab,
    s3,
    nameServers,
    caFile: good.file,
    mountPoint,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function makeBuckets(s3: S3Server): Promise<void> {
  await s3.createBucket('records')
  await s3.createBucket('limited')
  await s3.createBucket('full')
  await s3.setQuota('full', 1024)
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws:iam:::user/stranger'] },
      Action: ['s3:PutObject'],
      Resource: ['arn:aws:s3:::limited/*'],
    },
    {
      Effect: 'Deny',
      Principal: { AWS: ['arn:aws:iam:::user/stranger'] },
      Action: ['s3:AbortMultipartUpload'],
      Resource: ['arn:aws:s3:::limited/*'],
    },
  ]
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  const client = s3.client(s3.owner)
  await client.send(new PutBucketPolicyCommand({ Bucket: 'limited', Policy }))
  client.destroy()
}
