import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { pressKeys } from '../support/hardware-input.ts'
import { brokenLinks, openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { waitFor } from '../support/wait-for.ts'

test('a full disk: it is said, nothing accepted is lost, and recording goes on once there is space', async t => {
  await using disk = await smallDisk()
  if (!disk) return t.skip('only an administrator may mount a small disk')
  await using stage = await startScenario({ tracker: join(disk.folder, 'tracker') })
  using tap = await startTracking(stage)

  await pressKeys(stage.input, 40)
  const counted = await untilStatus(tap, '40 keys', ({ today }) => today.keys === 40)
  await untilStatus(tap, 'the 40 keys to be saved', ({ last_saved }) => (last_saved ?? '') > counted.at)

  await disk.fill()
  const since = performance.now()
  await pressKeys(stage.input, 10)
  const { state, agent } = await untilStatus(
    tap,
    'the full disk to be said',
    status => status.state.kind === 'blocked',
    5_000,
  )
  t.diagnostic(`said ${Math.round(performance.now() - since)} ms after the disk was full`)
  assert.equal(state.kind === 'blocked' && state.problem.code, 'DISK_FULL')

  await disk.free()
  const freed = performance.now()
  await untilStatus(tap, 'tracking to go on', status => status.state.kind === 'tracking', 10_000)
  t.diagnostic(`went on ${Math.round(performance.now() - freed)} ms after there was room`)
  await pressKeys(stage.input, 20)
  const again = await untilStatus(tap, 'the keys after it', ({ today }) => today.keys >= 60)
  assert.equal(again.agent.pid, agent.pid)
  await untilStatus(tap, 'them to be saved', ({ last_saved }) => (last_saved ?? '') > again.at)

  await tap.ask({ type: 'stop' })
  await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
  const opened = await openWithAge(stage.home.places.delivered, stage.home.places.identity)
  assert.deepEqual(brokenLinks(opened), [])
  // All that the agent ever said it counted: what came while the disk was full, too, or it would have said less.
  assert.equal(sumOfIntervals(opened.records).keys, again.today.keys)
})

const obstacles: [
  what: string,
  code: ErrorCode,
  begin: (disk: SmallDisk) => Promise<void>,
  end: (disk: SmallDisk) => Promise<void>,
][] = [
  ['a full disk', 'DISK_FULL', disk => disk.fill(), disk => disk.free()],
  [
    'a folder that cannot be written',
    'STORE_NOT_WRITABLE',
    disk => disk.allow('ro'),
    disk => disk.allow('rw'),
  ],
]
for (const [what, code, begin, end] of obstacles)
  test(`${what} from the start: the program that starts the agent learns of it at once`, async t => {
    await using disk = await smallDisk()
    if (!disk) return t.skip('only an administrator may mount a small disk')
    await using stage = await startScenario({ without: 'host', tracker: join(disk.folder, 'tracker') })
    await begin(disk)
    const refused = await stage.cli('start', '--acknowledge', '--json')
    assert.equal(refused.exit, errorRows[code].exit)
    assert.match(refused.stdout + refused.stderr, new RegExp(code))
    await end(disk)
    const started = await stage.cli('start', '--acknowledge')
    assert.equal(started.exit, 0, started.stderr)
  })

async function smallDisk(): Promise<SmallDisk | undefined> {
  const root = await mkdtemp(join(tmpdir(), 'at-disk-'))
  return mountSmallDisk(root, 16 * 1024 * 1024)
}
