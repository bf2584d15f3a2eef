import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectionReport, firstProblem, type TestStep } from '../../protocol/connection-check.ts'
import { AppError, type ErrorCode } from '../../protocol/errors.ts'
import { diagnoseConnection } from './diagnose-connection.ts'
import type { BucketRoute, DestinationCheck, NetworkProbe } from './ports.ts'
import { routeTo } from './route.ts'

const never = new AbortController().signal

/** Every probe takes ten milliseconds and returns its own name, except those that fail. */
function createWorld(failing: Partial<Record<TestStep, ErrorCode | Error>> = {}) {
  let now = 0
  const looked: TestStep[] = []
  const look = (step: TestStep) => async () => {
    looked.push(step)
    now += 10
    const failure = failing[step]
    if (typeof failure === 'string') throw new AppError(failure, { detail: step })
    if (failure !== undefined) throw failure
    return `found ${step}`
  }
  const probe: NetworkProbe = {
    findLink: look('link'),
    lookUpName: look('dns'),
    reachProxy: look('proxy'),
    connect: look('tcp'),
    encrypt: look('tls'),
    askServer: look('http'),
  }
  const bucketAt = (url: string, env: Record<string, string> = {}): DestinationCheck => {
    const address = new URL(url)
    const way: BucketRoute = { address, route: routeTo(address, env), authorities: undefined }
    const findRoute = () => look('settings')().then(() => way)
    return { kind: 's3', where: 'records/p', findRoute: findRoute, tryOut: look('s3') }
  }
  const folder: DestinationCheck = { kind: 'folder', where: '/records', tryOut: look('folder') }
  const reports: ConnectionReport[] = []
  const diagnose = (check: DestinationCheck, signal = never) =>
    diagnoseConnection(
      check,
      { probe, clock: { monotonicMs: () => now } },
      report => reports.push(report),
      signal,
    )
  return { looked, bucketAt, folder, reports, diagnose }
}

const kinds = ({ steps }: ConnectionReport) => steps.map(({ step, outcome }) => `${step} ${outcome.kind}`)

test('a test of an AWS bucket takes every step that it needs', async () => {
  const world = createWorld()
  const report = await world.diagnose(world.bucketAt('https://records.s3.eu-west-1.amazonaws.com/'))
  assert.deepEqual(kinds(report), [
    'settings ok',
    'link ok',
    'dns ok',
    'proxy not-needed',
    'tcp ok',
    'tls ok',
    'http ok',
    's3 ok',
  ])
  assert.deepEqual(report.steps[2], { step: 'dns', outcome: { kind: 'ok', found: 'found dns', ms: 10 } })
  assert.equal(firstProblem(report), undefined)
})

const shorter: [name: string, url: string, env: Record<string, string>, needless: TestStep[]][] = [
  ['an address needs no name', 'https://192.0.2.7:9000/', {}, ['dns', 'proxy']],
  ['an address of version 6 needs none either', 'https://[2001:db8::7]/', {}, ['dns', 'proxy']],
  ['http needs no certificate', 'http://s3.example.test/', {}, ['proxy', 'tls']],
  [
    'a proxy makes the connection',
    'https://s3.example.test/',
    { HTTPS_PROXY: 'http://proxy.test:3128' },
    ['tcp'],
  ],
  [
    'a proxy with an address',
    'https://s3.example.test/',
    { HTTPS_PROXY: 'http://192.0.2.9:3128' },
    ['dns', 'tcp'],
  ],
]
for (const [name, url, env, needless] of shorter) {
  test(`${name}: nothing looks at ${needless.join(' and ')}`, async () => {
    const world = createWorld()
    const { steps } = await world.diagnose(world.bucketAt(url, env))
    const left = steps.filter(({ outcome }) => outcome.kind === 'not-needed').map(({ step }) => step)
    assert.deepEqual(left, needless)
    assert.ok(!world.looked.some(step => needless.includes(step)))
  })
}

const order: TestStep[] = ['settings', 'link', 'dns', 'tcp', 'tls', 'http', 's3']
for (const [at, step] of order.entries()) {
  test(`when ${step} is wrong it is named, and nothing after it is tried`, async () => {
    const world = createWorld({ s3: 'UPLOAD_BUSY', [step]: 'PORT_REFUSED' })
    const report = await world.diagnose(world.bucketAt('https://s3.example.test/'))
    assert.deepEqual(firstProblem(report), { code: 'PORT_REFUSED', detail: step })
    assert.deepEqual(world.looked, order.slice(0, at + 1))
    const later = report.steps.slice(report.steps.findIndex(each => each.step === step) + 1)
    assert.ok(later.every(({ outcome }) => outcome.kind === 'not-tried'))
  })
}

test('every change is reported: a step that waits, runs and ends', async () => {
  const world = createWorld({ dns: 'DNS_UNKNOWN' })
  await world.diagnose(world.bucketAt('https://s3.example.test/'))
  const dns = world.reports.map(({ steps }) => steps.find(({ step }) => step === 'dns')?.outcome.kind)
  assert.deepEqual(dns, ['waiting', 'waiting', 'waiting', 'waiting', 'running', 'wrong'])
})

test('a folder is tested directly', async () => {
  const world = createWorld({ folder: 'DELIVERY_FOLDER_MISSING' })
  const report = await world.diagnose(world.folder)
  assert.deepEqual(report.destination, { kind: 'folder', where: '/records' })
  assert.deepEqual(kinds(report), ['folder wrong'])
  assert.deepEqual(world.looked, ['folder'])
})

test('an internal error is reported as INTERNAL, without its message', async () => {
  const world = createWorld({ tcp: new TypeError('canary') })
  const report = await world.diagnose(world.bucketAt('https://s3.example.test/'))
  assert.deepEqual(firstProblem(report), { code: 'INTERNAL' })
})

test('a cancelled test ends with the reason', async () => {
  const reason = new Error('the person left')
  const world = createWorld({ tcp: reason })
  const called = AbortSignal.abort(reason)
  await assert.rejects(world.diagnose(world.bucketAt('https://s3.example.test/'), called), reason)
})
