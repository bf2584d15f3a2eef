import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { prepareFolder } from '../../native-host/adapters/destination/folder/destination.ts'
import type { Verification } from '../../native-host/verify/verify-records.ts'
import { composeTracker, deliverTo, type Tracker } from '../faults/compose-tracker.ts'
import { manualClock } from '../manual-clock.ts'
import { createForger } from '../support/forged-object.ts'
import { allowTracker } from '../support/tracker-home.ts'

/** What a tracker delivered, tampered with by an attacker who has the folder and even the identity. */
let root: string
let delivered: string
let identity: string
let objects: string[] = []

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'at-verify-'))
  delivered = join(root, 'delivered')
  await prepareFolder(delivered)
  const clock = manualClock('2026-11-22T10:00:00Z')
  const destination = deliverTo({ kind: 'folder', folder: delivered })
  using tracker = await composeTracker({ home: join(root, 'home'), clock, deliverTo: destination })
  const { journal } = tracker
  journal.append({ kind: 'agent.started', version: '1', previous_end: 'clean' })
  for (let minute = 0; minute < 6; minute++) {
    for (let n = 0; n < 6; n++) {
      await clock.pass(10_000)
      journal.append(interval(clock.now().subtract({ seconds: 10 })))
    }
    if (minute === 2) await pauseFor(tracker, clock, 120_000)
    if (minute === 3) await takePicture(tracker, clock)
    await tracker.sealing.sealAll()
  }
  await clock.pass(3_600_000)
  journal.append({
    kind: 'gap',
    cause: 'agent-killed',
    from: '2026-11-22T10:08:00.000Z',
    to: '2026-11-22T11:08:00.000Z',
  })
  await tracker.sealing.sealAll()
  await tracker.drain.drainNow(new AbortController().signal)
  identity = tracker.places.identity
  const device = join(delivered, 'device-under-test', '2026-11-22')
  objects = (await readdir(device)).sort().map(name => join('device-under-test', '2026-11-22', name))
})
after(() => rm(root, { recursive: true }))

test('an untouched folder has no findings, it is proven to its end, and its gaps are explained', async () => {
  const { exit, stdout } = await verify(delivered)
  assert.equal(exit, 0)
  const { found, findings, devices, ...more } = JSON.parse(stdout)
  assert.deepEqual(
    [found, findings, more],
    [0, [], { passed_over: [] }],
    'and no word that says more than that',
  )
  assert.equal(devices[0].provenTo, '2026-11-22T11:08:00.000Z')
  assert.deepEqual(
    devices.map((device: { device: string; records: number; segments: number; screenshots: number }) => [
      device.device,
      device.records,
      device.segments,
      device.screenshots,
    ]),
    [['device-under-test', 41, 7, 1]],
  )
  assert.deepEqual(
    devices[0].gaps.map((gap: { cause: string; from: string; to: string }) => [gap.cause, gap.from, gap.to]),
    [
      ['paused', '2026-11-22T10:03:00.000Z', '2026-11-22T10:05:00.000Z'],
      ['agent-killed', '2026-11-22T10:08:00.000Z', '2026-11-22T11:08:00.000Z'],
    ],
  )
})

test('people read the result in sentences', async () => {
  const { stdout } = await verify(delivered, { form: 'text' })
  assert.match(
    stdout,
    /device-under-test\n {2}41 records in 7 segments, and 1 screenshot, 2026-11-22 10:00:00 to/,
  )
  assert.match(stdout, /Signed with the device key [\w-]{43}\. The first signature is at record 7/)
  assert.match(stdout, /10:03:00 – 2026-11-22 10:05:00 +2 min {2}paused by chromium/)
  assert.match(stdout, /10:08:00 – 2026-11-22 11:08:00 +1 h 0 min {2}the tracker was forced to stop/)
  assert.match(
    stdout,
    /✔ Proven up to 2026-11-22 11:08:00: nothing was changed, moved or removed before then\./,
  )
  assert.match(stdout, /if the end was cut off, that leaves no trace/)
  assert.doesNotMatch(stdout, /intact/i)
})

const isPicture = (path: string) => path.includes('.screenshot.')
const segments = () => objects.filter(path => !isPicture(path))
const nth = (n: number) => segments()[n] ?? ''

describe('each change to the files is found and named', () => {
  const cases: [name: string, tamper: (folder: string) => Promise<void>, kinds: string[]][] = [
    ['a segment taken out', folder => rm(join(folder, nth(3))), ['records-missing']],
    [
      'the screenshot taken out',
      async folder => {
        await rm(join(folder, objects.find(isPicture) ?? ''))
      },
      ['screenshot-missing'],
    ],
    [
      'one byte of a segment changed',
      folder => flipByte(join(folder, nth(3))),
      ['object-changed', 'records-missing'],
    ],
    [
      'one byte of the screenshot changed',
      folder => flipByte(join(folder, objects.find(isPicture) ?? '')),
      ['object-changed', 'screenshot-missing'],
    ],
    [
      'two segments under each other’s number',
      folder => swapNumbers(folder, nth(1), nth(2)),
      ['object-moved', 'records-missing'],
    ],
  ]
  for (const [name, tamper, kinds] of cases)
    test(`${name}: ${kinds.join(' and ')}`, async () => {
      const folder = await copy()
      await tamper(folder)
      const { exit, found, stderr } = await findingsIn(folder)
      for (const kind of kinds)
        assert.ok(
          found.some(finding => finding.kind === kind),
          `${kind} in ${JSON.stringify(found)}`,
        )
      assert.equal(exit, 65)
      assert.match(stderr, /RECORDS_NOT_INTACT/)
    })

  test('a segment sealed again with the identity, but without the key of the device', async () => {
    const folder = await copy()
    const forger = await createForger(join(root, 'home'), identity)
    await forger.reseal(join(folder, nth(2)), lines => lines.replace('"keys":3', '"keys":9'))
    const { found } = await findingsIn(folder)
    assert.ok(found.some(finding => finding.kind === 'signature-foreign'))
  })

  test('all of it signed with another key, when the right one is known', async () => {
    assert.equal((await verify(delivered, { args: ['--key', 'A'.repeat(43)] })).exit, 65)
    const key = JSON.parse((await verify(delivered)).stdout).devices[0].keys[0]
    assert.equal((await verify(delivered, { args: ['--key', key] })).exit, 0)
  })
})

test('without the identity nothing can be said, and that is said', async () => {
  const { exit, stderr } = await verify(delivered, { identity: join(root, 'nothing') })
  assert.notEqual(exit, 0)
  assert.match(stderr, /FILE_UNREADABLE/)
})

test('a folder without objects is an error and no clean bill', async () => {
  const { exit, stderr } = await verify(await mkdtemp(join(root, 'empty-')))
  assert.notEqual(exit, 0)
  assert.match(stderr, /no encrypted files/)
})

async function findingsIn(folder: string) {
  const { exit, stdout, stderr } = await verify(folder)
  const { devices } = JSON.parse(stdout) as { devices: Verification[] }
  return { exit, stderr, found: devices.flatMap(({ findings }) => findings) }
}

async function verify(
  folder: string,
  options: { form?: 'json' | 'text'; identity?: string; args?: string[] } = {},
) {
  const cli = join(import.meta.dirname, '../../native-host/programs/cli.ts')
  const json = options.form === 'text' ? [] : ['--json']
  const args = [
    cli,
    'verify',
    folder,
    '--identity',
    options.identity ?? identity,
    ...json,
    ...(options.args ?? []),
  ]
  const env = { ...process.env, TZ: 'UTC', ACTIVITY_TRACKER_HOME: join(root, 'elsewhere') }
  await allowTracker(env)
  try {
    return { exit: 0, ...(await promisify(execFile)(process.execPath, args, { env })) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error)) throw error
    return { exit: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) }
  }
}

async function copy(): Promise<string> {
  const folder = await mkdtemp(join(root, 'copy-'))
  await cp(delivered, folder, { recursive: true })
  return folder
}

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1
  await writeFile(path, bytes)
}

async function swapNumbers(folder: string, a: string, b: string): Promise<void> {
  const numberOf = (path: string) => /\d{12}(?=-)/.exec(path)?.[0] ?? ''
  const moved = (path: string, number: string) => join(folder, path.replace(/\d{12}(?=-)/, number))
  await rename(join(folder, a), `${join(folder, a)}.aside`)
  await rename(join(folder, b), moved(b, numberOf(a)))
  await rename(`${join(folder, a)}.aside`, moved(a, numberOf(b)))
}

function interval(from: Temporal.Instant) {
  return {
    kind: 'interval' as const,
    from: from.toString({ fractionalSecondDigits: 3 }),
    length_ms: 10_000,
    ...{ keys: 3, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 1 },
    activity: '1000000000',
    presence: 'active' as const,
    genuineness: { verdict: 'genuine' as const, rules: 1, evidence: [] },
  }
}

async function pauseFor(
  { journal }: Tracker,
  clock: ReturnType<typeof manualClock>,
  ms: number,
): Promise<void> {
  journal.append({ kind: 'paused', until: null, by: 'chromium' })
  await clock.pass(ms)
  journal.append({ kind: 'resumed', by: 'chromium' })
}

async function takePicture(
  { outbox, journal, sealer }: Tracker,
  clock: ReturnType<typeof manualClock>,
): Promise<void> {
  const [number, reached] = [outbox.reserve(), journal.sealedHead()]
  const place = { number, date: '2026-11-22', kind: 'screenshot' as const }
  const sealed = await sealer.seal(new Uint8Array(5000), { ...place, before: reached, reached })
  const item = await outbox.put({ at: clock.now(), number, sealed, content: { kind: 'screenshot' } })
  journal.append({
    kind: 'screenshot',
    display: 1,
    of: 1,
    width: 2,
    height: 2,
    blurred: true,
    object: item.key,
  })
}
