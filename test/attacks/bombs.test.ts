import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { constants, zstdCompressSync } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { runCli } from '../support/run-cli.ts'
import { createTrackerHome } from '../support/tracker-home.ts'

/** Inputs that are made to be more than a program can hold, each tried on the programs as they are installed. */

test('20,000 unknown names in config.json: status says so in a few lines, and stop stops', async () => {
  await using home = await createTrackerHome()
  const names = Array.from({ length: 20_000 }, (_, n) => [`unknown_name_${n}_${'x'.repeat(20)}`, n])
  await writeFile(home.places.config, JSON.stringify(Object.fromEntries(names)), { mode: 0o600 })
  const cli = (...words: string[]) => runCli(words, { env: home.env })

  const started = await cli('start', '--acknowledge')
  assert.equal(started.exit, 0, started.stderr)
  const status = await cli('status')
  assert.equal(status.exit, 0, status.stderr)
  assert.ok(status.stdout.length < 10_000, `${status.stdout.length} characters`)
  assert.match(status.stdout, /SETTING_UNKNOWN.*\n {2}19980 more in config.json/)
  assert.match(status.stdout, /Too many to show: \d+ more in notices/)
  const stopped = await cli('stop')
  assert.equal(stopped.exit, 0, stopped.stderr)
})

const megabyte = 1024 * 1024
/** What the command line takes to open an object as large as one may be, and a little. */
const mostMemory = 400 * megabyte
const place = { seq: 1, prev: '0'.repeat(64), at: '2026-11-30T10:00:00Z', zone: 'UTC', offset: '+00:00' }
const packed = (bytes: Uint8Array | string, params = {}) => zstdCompressSync(bytes, { params })
const wideWindow = { [constants.ZSTD_c_windowLog]: 27, [constants.ZSTD_c_contentSizeFlag]: 0 }

/** What an attacker who knows the recipient can seal: each is a few kilobytes, or a few megabytes at most. */
const bombs: [what: string, content: () => Uint8Array, said: RegExp][] = [
  ['40 MB of line ends', () => packed(Buffer.alloc(40 * megabyte, '\n')), /unpacks to more than/],
  ['30 MB of line ends', () => packed(Buffer.alloc(30 * megabyte, '\n')), /more than 10000 lines/],
  ['one line of 30 MB', () => packed(Buffer.alloc(30 * megabyte, 'x')), /line 1 has more than/],
  ['a window of 128 MB', () => packed(Buffer.alloc(130 * megabyte), wideWindow), /not whole Zstandard data/],
  [
    'frame after frame',
    () => Buffer.concat(Array(40).fill(packed(Buffer.alloc(megabyte)))),
    /unpacks to more/,
  ],
]

/** Nested 500,000 deep, and of a hundred thousand names. */
const deep = `${JSON.stringify(place).slice(0, -1)},"more":${'['.repeat(500_000)}${']'.repeat(500_000)}}`
const wide = JSON.stringify({
  ...place,
  ...Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`n${n}`, 1])),
})

test('bombs in sealed objects: open and verify name each, and need no memory for what is in them', async t => {
  await using home = await createTrackerHome()
  const cli = (...words: string[]) => runCli(words, { env: home.env })
  assert.equal((await cli('keys', 'new')).exit, 0)
  const recipient = /^age1.*$/m.exec(await readFile(home.places.recipients, 'utf8'))?.[0] ?? ''
  const folder = join(home.root, 'delivered')
  await mkdir(folder)
  const paths: string[] = []
  const put = async (sealed: Uint8Array) => {
    const path = await writeObject(folder, paths.length + 1, sealed)
    paths.push(path)
    return path
  }

  for (const [, content] of bombs) await put(await sealFor(recipient, content()))
  const stanza = `-> X25519 ${'A'.repeat(43)}\n${'A'.repeat(43)}\n`
  await put(Buffer.from(`age-encryption.org/v1\n${stanza.repeat(600)}--- ${'A'.repeat(43)}\n`))
  const refused = [...paths]

  await t.test('open names each of them, says why, and hands on what is right behind them', async () => {
    const right = await put(await sealFor(recipient, packed(`${deep}\n${wide}\n`)))
    const opened = await cli('open', ...paths)
    assert.equal(opened.exit, 65, opened.stderr)
    const reasons = [...bombs.map(([, , said]) => said), /more than 128 stanzas/]
    const said = opened.stderr.split(folder).slice(1)
    for (const [index, reason] of reasons.entries()) {
      assert.ok(said[index]?.includes(basename(refused[index] ?? '')), opened.stderr)
      assert.match(said[index] ?? '', reason)
    }
    assert.ok(!opened.stderr.includes(basename(right)), opened.stderr)
    assert.equal(opened.stdout, `${deep}\n${wide}\n`)
    t.diagnostic(`open had ${Math.round(opened.peakBytes / megabyte)} MB at most`)
    assert.ok(opened.peakBytes < mostMemory, `${opened.peakBytes / megabyte} MB`)
  })

  await t.test('verify goes past all of them, and names each', async () => {
    const verified = await cli('verify', folder)
    assert.equal(verified.exit, 65, verified.stderr)
    for (const path of paths) assert.ok(verified.stdout.includes(basename(path)), path)
    assert.doesNotMatch(verified.stdout, /✔/)
    t.diagnostic(`verify had ${Math.round(verified.peakBytes / megabyte)} MB at most`)
    assert.ok(verified.peakBytes < mostMemory, `${verified.peakBytes / megabyte} MB`)
  })

  await t.test('what never ends: a device, and the standard input', async () => {
    const [device, input, config, identity] = await Promise.all([
      cli('open', '/dev/zero'),
      runCli(['open', '-'], { env: home.env, input: Buffer.alloc(budgets.objectBytes.most + 1) }),
      cli('import', '/dev/zero'),
      cli('open', paths[0] ?? '', '--identity', '/dev/zero'),
    ])
    assert.match(device.stderr, /FILE_UNREADABLE[\s\S]*\/dev\/zero has more than/)
    assert.ok(device.peakBytes < mostMemory, `${device.peakBytes / megabyte} MB`)
    assert.match(input.stderr, /FILE_UNREADABLE[\s\S]*standard input has more than/)
    assert.match(config.stderr, /FILE_UNREADABLE/)
    assert.match(identity.stderr, /FILE_UNREADABLE/)
  })
})

async function sealFor(recipient: string, content: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return await encrypter.encrypt(content)
}

async function writeObject(folder: string, seq: number, sealed: Uint8Array): Promise<string> {
  const name = `${String(seq).padStart(12, '0')}-${hash('sha256', sealed)}.records.ndjson.zst.age`
  const path = join(folder, name)
  await writeFile(path, sealed)
  return path
}
