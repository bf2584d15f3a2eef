import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { errorRows } from '../../protocol/errors.ts'
import { builtProgram } from '../../test/support/built-program.ts'
import { seededRandom } from '../../test/support/seeded-random.ts'
import { asLine, handHoldMs, handPauseMs, person, pointing } from '../../test/support/synthetic-input.ts'
import type { InputEvent } from '../input/input-event.ts'
import { formatRecordingLine, recordingHeader } from '../input/recording.ts'

const folder = await mkdtemp(join(tmpdir(), 'detect-'))
after(() => rm(folder, { recursive: true }))

const recording = (session: string, events: readonly InputEvent[]) =>
  [recordingHeader, ...events.map(event => formatRecordingLine(session, event.at, event))].join('\n')
const work = recording('monday', person(seededRandom(1), 120_000))
const script = recording(
  'night',
  pointing(seededRandom(2), 60_000, {
    draw: asLine(8, 6),
    pauseMs: handPauseMs,
    clicks: 0,
    holdMs: handHoldMs,
  }),
)
/** Strong enough for normal, not for low. */
const little = recording(
  'short',
  pointing(seededRandom(2), 9000, {
    draw: asLine(8, 6),
    pauseMs: handPauseMs,
    clicks: 0,
    holdMs: handHoldMs,
  }),
)
/** Jumps of 300 px to and fro. */
const jumps = recording(
  'remote',
  Array.from({ length: 60 }, (_, n) => ({
    kind: 'move',
    at: 900 * n + ((n * 37) % 200),
    x: n % 2 ? 800 : 500 + ((n * 7) % 5),
    y: 500 + ((n * n * 53) % 7),
  })),
)
const files = {
  work: await file('work.csv', work),
  script: await file('script.csv', script),
  packed: await file('packed.csv.gz', gzipSync(script)),
  little: await file('little.csv', little),
  jumps: await file('jumps.csv', jumps),
  broken: await file('broken.csv', `${work}\nmonday,soon,m,1,2,0\n`),
  back: await file('back.csv', `${recordingHeader}\na,9000,m,1,1,0\na,8999,m,2,1,0\na,1000,m,3,1,0`),
  missing: join(folder, 'missing.csv'),
}

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function detect(words: readonly string[], input = '') {
  const cli = builtProgram('cli')
  const child = spawn(process.execPath, [cli, 'detect', ...words])
  child.stdin.end(input)
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return {
    stdout,
    stderr,
    exit,
    lines: stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line)),
  }
}

test('a script gets one line of JSON, with the times at which it went on and was known', async () => {
  const { lines, stderr, exit } = await detect([files.script])
  assert.equal(exit, 0)
  assert.equal(stderr, '')
  assert.equal(lines.length, 1)
  const [{ evidence, from_ms, to_ms, flagged_at_ms, confidence, ...rest }] = lines
  assert.deepEqual(rest, { file: files.script, session: 'night', verdict: 'scripted' })
  assert.ok(from_ms < flagged_at_ms && flagged_at_ms < 30_000 && to_ms > 45_000)
  assert.ok(confidence > 0.5)
  assert.deepEqual(Object.keys(evidence[0]), ['feature', 'value', 'text'])
  assert.equal(evidence[0].feature, 'even_motion')
})

describe('the same is said of it', () => {
  test('packed with gzip', async () => {
    const [plain, packed] = await Promise.all([detect([files.script]), detect([files.packed])])
    assert.deepEqual(
      packed.lines,
      plain.lines.map(line => ({ ...line, file: files.packed })),
    )
  })
  test('from the standard input', async () => {
    const [plain, piped] = await Promise.all([detect([files.script]), detect(['-'], script)])
    assert.deepEqual(
      piped.lines,
      plain.lines.map(line => ({ ...line, file: '-' })),
    )
  })
})

test('of people nothing is said, and that is no failure', async () => {
  const { stdout, stderr, exit } = await detect([files.work])
  assert.deepEqual([stdout, stderr, exit], ['', '', 0])
})

test('--summary tells a line of each session, flagged or not', async () => {
  const { lines } = await detect(['--summary', files.work, files.script])
  assert.deepEqual(
    lines.map(({ file, session, flagged_minutes, first_flag_ms }) => [
      file,
      session,
      flagged_minutes > 0,
      first_flag_ms !== null,
    ]),
    [
      [files.work, 'monday', false, false],
      [files.script, 'night', true, true],
    ],
  )
  assert.ok(lines.every(({ active_minutes }) => active_minutes > 0.9))
})

test('--strictness says how little is enough', async () => {
  const [low, normal, wrong] = await Promise.all([
    detect(['--strictness', 'low', files.little]),
    detect(['--strictness', 'normal', files.little]),
    detect(['--strictness', 'paranoid', files.little]),
  ])
  assert.deepEqual([low.lines.length, normal.lines.length], [0, 1])
  assert.equal(wrong.exit, errorRows.USAGE.exit)
})

test('--jump says from which length on a step is one', async () => {
  const [found, missed, wrong] = await Promise.all([
    detect(['--jump', '200', files.jumps]),
    detect(['--jump', '1000', files.jumps]),
    detect(['--jump', 'far', files.jumps]),
  ])
  const features = (lines: { evidence: { feature: string }[] }[]) =>
    lines.flatMap(({ evidence }) => evidence.map(({ feature }) => feature))
  assert.ok(features(found.lines).includes('pointer_jumps'))
  assert.ok(!features(missed.lines).includes('pointer_jumps'))
  assert.equal(wrong.exit, errorRows.SETTING_INVALID.exit)
})

describe('what cannot be read is said with its place', () => {
  test('one broken file does not keep the others from being judged', async () => {
    const { lines, stderr, exit } = await detect([files.broken, files.missing, files.script])
    assert.equal(exit, errorRows.RECORDING_INVALID.exit)
    assert.deepEqual(
      lines.map(line => line.file),
      [files.script],
    )
    const lineNumber = work.split('\n').length + 1
    assert.ok(stderr.includes(`RECORDING_INVALID`) && stderr.includes(`${files.broken}:${lineNumber}`))
    assert.ok(stderr.includes('FILE_UNREADABLE') && stderr.includes(files.missing))
    assert.ok(stderr.includes('2 of 3'))
  })
  for (const [what, input] of [
    ['nothing', ''],
    ['something else', 'PK\u0003\u0004 archive'],
    ['other columns', 'time,x,y\n1,2,3'],
  ] as const)
    test(what, async () => {
      const { exit, stdout, stderr } = await detect(['-'], input)
      assert.equal(exit, errorRows.RECORDING_INVALID.exit)
      assert.equal(stdout, '')
      assert.match(stderr, /^RECORDING_INVALID/)
    })
})

test('what was repaired is said', async () => {
  const { exit, stderr } = await detect([files.back])
  assert.equal(exit, 0)
  assert.match(stderr, /1 event was out of order .* time went back 1 time,/)
})
