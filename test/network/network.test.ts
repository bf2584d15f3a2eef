import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import * as v from 'valibot'
import { markName } from '../../native-host/adapters/destination/folder/mark.ts'
import { connectionReportSchema, firstProblem } from '../../protocol/connection-check.ts'
import { defaultSettings, type Settings } from '../../protocol/settings.ts'
import { problemSchema } from '../../protocol/status.ts'
import type { S3Keys } from '../support/s3-server.ts'
import { type CaseName, type NetworkCase, networkCases } from './cases.ts'
import { type Internet, openInternet } from './internet.ts'
import type { Computer, ComputerWorld } from './lab.ts'
import { isInOwnNamespaces } from './namespaces.ts'
import { squidLogin, squidPorts } from './squid.ts'
import type { WalkTask } from './walk.ts'

/** How a computer of a case differs from one where everything works. */
type Setup = {
  settings?: Partial<Settings>
  /** null: the credentials are looked for as the settings say. */
  keys?: S3Keys | null
  nameServer?: keyof Internet['nameServers']
  env?: Record<string, string>
  readOnly?: ComputerWorld['readOnly']
}
type Produce = (computer: Computer, internet: Internet) => Promise<Setup> | Setup

const http = (host: string) => ({ settings: { endpoint: `http://${host}.example.test` } })
const https = (host: string, { caFile }: Internet) => ({
  settings: { endpoint: `https://${host}.example.test`, ca_file: caFile },
})
const through = (port: number, login = '') => {
  const proxy = `http://${login}proxy.example.test:${port}`
  return { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }
}
const firewall =
  (port: number, verdict: string): Produce =>
  async computer => {
    await computer.firewall(port, verdict)
    return {}
  }
/** As programs of Debian do; the monotonic clock stays, on which all waiting goes. */
const clock = (offset: string) => ({
  LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
  FAKETIME: offset,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
})

/** Brings about what the row of the table says. */
const produce: Record<CaseName, Produce> = {
  'no network': async computer => {
    await computer.unplug()
    return {}
  },
  'a cable that is pulled': async computer => {
    await computer.pullCable()
    // By its address: a look-up would wait for its own deadlines.
    return { settings: { endpoint: 'http://198.18.0.1' } }
  },
  'an unknown name': () => ({ nameServer: 'nobodyKnows' }),
  'a name service that is silent': () => ({ nameServer: 'silent' }),
  'a name service in trouble': () => ({ nameServer: 'trouble' }),

  'a proxy of another kind': () => ({ env: { ALL_PROXY: 'socks5h://proxy.example.test:1080' } }),
  'a proxy that is not there': (_, internet) => ({ ...https('s3', internet), env: through(3999) }),
  'a proxy behind a firewall': async (computer, internet) => {
    await computer.firewall(squidPorts.open, 'drop')
    return { ...https('s3', internet), env: through(squidPorts.open) }
  },
  'a proxy that wants a login': (_, internet) => ({
    ...https('s3', internet),
    env: through(squidPorts.login),
  }),
  'a proxy that wants a login, for http': () => ({ env: through(squidPorts.login) }),
  'a proxy that forbids the storage': (_, internet) => ({
    ...https('s3', internet),
    env: through(squidPorts.forbids),
  }),
  'a proxy that forbids the storage, for http': () => ({ env: through(squidPorts.forbids) }),
  'a proxy that does not get through': (_, { caFile }) => ({
    settings: { endpoint: 'https://s3.example.test:9443', ca_file: caFile },
    env: through(squidPorts.open),
  }),

  'a firewall that drops': firewall(80, 'drop'),
  'a firewall that resets': firewall(80, 'reject with tcp reset'),
  'a closed port': () => ({ settings: { endpoint: 'http://s3.example.test:9000' } }),
  'a firewall that says that it is not allowed': firewall(80, 'reject with icmp type admin-prohibited'),
  'a network without a way there': firewall(80, 'reject with icmp type net-unreachable'),

  'a filter that cuts the connection off': (_, internet) => https('cut', internet),
  'a connection that stands still': () => http('stall'),
  'a filter that opens TLS': (_, internet) => https('intercepted', internet),
  'a certificate that has run out': (_, internet) => https('expired', internet),
  'a certificate for another name': (_, internet) => https('other-name', internet),
  'a clock years behind': (_, internet) => ({ ...https('s3', internet), env: clock('-4000d') }),
  'a clock 20 minutes ahead': () => ({ env: clock('+20m') }),

  'a login page that everything is led to': () => ({ nameServer: 'leadsToLogin' }),
  'a login page in place of everything': () => ({ nameServer: 'isLogin' }),
  'a login page of the newer kind': () => ({ nameServer: 'says511' }),
  'a page of a filter': () => http('filtered'),
  'a web server': () => http('web'),
  'a server of something else': () => http('ssh'),
  'https to a server without it': (_, { caFile }) => ({
    settings: { endpoint: 'https://s3.example.test:80', ca_file: caFile },
  }),

  'no credentials': () => ({ keys: null, settings: { credentials: 'environment' } }),
  'an unknown access key': (_, { s3 }) => ({ keys: { ...s3.owner, accessKeyId: 'NOBODYHASTHISKEY0000' } }),
  'a secret of another key': (_, { s3 }) => ({
    keys: { ...s3.owner, secretAccessKey: s3.stranger.secretAccessKey },
  }),
  'credentials that have expired': () => ({
    settings: { endpoint: 'http://expiring.example.test', region: 'eu-central-1' },
  }),
  'no right to put objects': (_, { s3 }) => ({ keys: s3.stranger }),
  'no right to abort uploads': (_, { s3 }) => ({ keys: s3.stranger, settings: { bucket_name: 'limited' } }),
  'no such bucket': () => ({ settings: { bucket_name: 'nowhere' } }),
  'another region': () => http('busy'),
  'another region, by redirect': () => http('moved'),
  'a quota that is used up': () => ({ settings: { bucket_name: 'full' } }),
  'a slow network': async computer => {
    await computer.slowDown('200kbit')
    return {}
  },
  'a storage that is busy': () => ({
    settings: { endpoint: 'http://busy.example.test', region: 'eu-central-1' },
  }),
  'a storage in trouble': () => ({
    settings: { endpoint: 'http://broken.example.test', region: 'eu-central-1' },
  }),
  'a gateway without its server': () => http('gateway'),
  'a CA file that is not there': () => ({ settings: { ca_file: '/nonexistent/ca.pem' } }),
  'a folder that is not there': (_, { lab }) => ({
    settings: { bucket_name: '', folder: join(lab.folder, 'unplugged') },
  }),
  'a folder that cannot be written': (_, { mountPoint }) => ({
    settings: { bucket_name: '', folder: mountPoint },
    readOnly: { folder: mountPoint, file: markName },
  }),
}

const answerSchema = v.object({
  report: connectionReportSchema,
  upload: v.union([v.literal('arrives'), problemSchema]),
})
let internet: Internet
let uploads = 0

async function walk(setup: Produce) {
  await using computer = await internet.lab.computer()
  const {
    settings,
    keys = internet.s3.owner,
    nameServer = 'good',
    env = {},
    readOnly,
  } = await setup(computer, internet)
  const task: WalkTask = {
    settings: {
      ...defaultSettings,
      bucket_name: 'records',
      endpoint: 'http://s3.example.test',
      region: internet.s3.region,
      ...settings,
    },
    keys: keys ?? undefined,
    key: `upload-${++uploads}`,
  }
  const world = {
    nameServer: internet.nameServers[nameServer],
    env,
    ...(readOnly !== undefined && { readOnly }),
  }
  return v.parse(answerSchema, await computer.run(join(import.meta.dirname, 'walk.ts'), task, world))
}

const skip = isInOwnNamespaces() ? false : 'run them as root with: npm run network'
describe('the network, for real', { skip, timeout: 90_000 }, () => {
  before(async () => {
    internet = await openInternet()
  })
  after(() => internet?.[Symbol.asyncDispose]())

  const works: [name: string, setup: Produce, found: RegExp[]][] = [
    [
      'http',
      () => ({}),
      [/^eth0, 198\.18\.\d+\.2$/, /^198\.18\.0\.1$/, /^198\.18\.0\.1:80$/, /^S3 answers$/],
    ],
    [
      'https with a CA of one’s own',
      (_, internet) => https('s3', internet),
      [/^TLSv1\.3, certificate from “Example Root CA” until \d{4}-\d\d-\d\d$/, /^S3 answers$/],
    ],
    [
      'https through a proxy with a login',
      (_, internet) => ({
        ...https('s3', internet),
        env: through(squidPorts.login, `${squidLogin.name}:${encodeURIComponent(squidLogin.password)}@`),
      }),
      [/^proxy\.example\.test:3129$/, /^TLSv1\.3/, /^S3 answers$/],
    ],
    [
      'http through a proxy',
      () => ({ env: through(squidPorts.open) }),
      [/^proxy\.example\.test:3128$/, /^S3 answers$/],
    ],
    [
      'https through a proxy that is named for everything and without a scheme',
      (_, internet) => ({ ...https('s3', internet), env: { ALL_PROXY: 'proxy.example.test:3128' } }),
      [/^proxy\.example\.test:3128$/, /^TLSv1\.3/, /^S3 answers$/],
    ],
    [
      'directly where NO_PROXY names a domain above',
      () => ({ env: { ...through(3999), NO_PROXY: 'other.test,example.test' } }),
      [/^198\.18\.0\.1:80$/],
    ],
    [
      'the proxy of the settings, before the environment',
      () => ({ settings: { proxy: 'http://proxy.example.test:3128' }, env: { NO_PROXY: '*' } }),
      [/^proxy\.example\.test:3128$/],
    ],
    [
      'a clock that is only a little wrong',
      () => ({ env: clock('+4m') }),
      [/^S3 answers; the clock of this computer is 4 minutes fast, which it still accepts$/],
    ],
  ]
  describe('everything works', { concurrency: 4 }, () => {
    for (const [name, setup, found] of works)
      test(`${name}, and the result is reported`, async () => {
        const { report, upload } = await walk(setup)
        assert.equal(firstProblem(report), undefined, JSON.stringify(report))
        assert.equal(upload, 'arrives')
        const told = report.steps.flatMap(({ outcome }) => (outcome.kind === 'ok' ? [outcome.found] : []))
        for (const each of found)
          assert.ok(
            told.some(text => each.test(text)),
            `${each} in ${told.join(' | ')}`,
          )
      })
  })

  describe('what is wrong is named', { concurrency: 4 }, () => {
    for (const [name, { step, code, detail, upload }] of Object.entries<NetworkCase>(networkCases))
      test(`${name}: ${code}`, async () => {
        const walked = await walk(produce[name as CaseName])
        const wrong = walked.report.steps.find(({ outcome }) => outcome.kind === 'wrong')
        const problem = firstProblem(walked.report)
        assert.deepEqual([wrong?.step, problem?.code], [step, code], JSON.stringify(walked))
        assert.match(problem?.detail ?? '', detail)
        const said = walked.upload === 'arrives' ? 'arrives' : walked.upload.code
        assert.equal(said, upload ?? code, `the upload: ${JSON.stringify(walked.upload)}`)
      })
  })

  test('nothing of all these tests is left in the bucket but what was uploaded', async () => {
    const { report } = await walk(() => ({}))
    assert.equal(firstProblem(report), undefined)
    const client = internet.s3.client(internet.s3.owner)
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'records' }))
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'records' }))
    client.destroy()
    assert.deepEqual(
      Contents.filter(({ Key }) => !/\/upload-\d+$/.test(Key ?? '')),
      [],
    )
    assert.deepEqual(
      Uploads.map(({ Key }) => Key).filter(key => key?.endsWith('connection-test')),
      [],
    )
  })
})
