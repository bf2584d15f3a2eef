import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { builtProgram } from '../support/built-program.ts'
import { eventfulHistory, type Genuine } from '../support/genuine-history.ts'
import { runCli } from '../support/run-cli.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { allowTracker } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

/** What `restore` leaves in a folder, and what it says. Reading a bucket is tested where buckets are. */
describe('restore', () => {
  let root: string
  let history: Genuine
  let objects: string[]
  let env: NodeJS.ProcessEnv

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'at-'))
    history = await eventfulHistory(root, 'laptop')
    objects = await sealedIn(history.delivered)
    env = { PATH: process.env.PATH, HOME: root, ACTIVITY_TRACKER_HOME: join(root, 'empty') }
    await allowTracker(env)
  })
  after(() => rm(root, { recursive: true, force: true }))

  const restore = (source: string, to: string, ...words: string[]) =>
    runCli(['restore', source, '--to', to, '--identity', history.identity, ...words], { env, cwd: root })
  const place = (name: string) => join(root, name)
  const copyOf = async (name: string) => {
    await cp(history.delivered, place(name), { recursive: true })
    return place(name)
  }

  test('everything can be read, nothing else is there, and the words are those of verify', async () => {
    const to = place('all')
    const { exit, stdout, stderr } = await restore(history.delivered, to)
    assert.equal(exit, 0, stderr)
    const files = await filesIn(to)
    assert.deepEqual(
      files,
      objects.map(path => path.replace(/(\.zst)?\.age$/, '')),
    )
    const verified = await runCli(['verify', history.delivered, '--identity', history.identity], { env })
    assert.ok(stdout.endsWith(verified.stdout), stdout)
    const opened = await runCli(
      ['open', history.delivered, '--identity', history.identity, '--out', place('p')],
      {
        env,
      },
    )
    const records = files.filter(path => path.endsWith('.ndjson'))
    const lines = await Promise.all(records.map(path => readFile(join(to, path), 'utf8')))
    assert.equal(lines.join(''), opened.stdout)
    const picture = files.find(path => path.endsWith('.webp')) ?? ''
    assert.match(picture, /^laptop\/\d{4}-\d\d-\d\d\/\d{12}-[0-9a-f]{64}\.screenshot\.webp$/)
    assert.equal((await lstat(join(to, picture))).mode & 0o777, 0o600)

    // And again: nothing is fetched, and the proof is as good.
    const again = await restore(history.delivered, to)
    assert.match(again.stdout, /^Restored 0 objects/)
    assert.ok(again.stdout.endsWith(verified.stdout), again.stdout)
  })

  test('a file that is gone, and one that was changed here, are fetched again', async () => {
    const to = place('again')
    await restore(history.delivered, to)
    const [gone = '', changed = ''] = await filesIn(to)
    const before = await readFile(join(to, changed), 'utf8')
    await rm(join(to, gone))
    await writeFile(join(to, changed), 'changed')
    const dry = await restore(history.delivered, to, '--dry-run')
    assert.match(dry.stdout, /^Would restore 1 object/)
    const { exit, stdout, stderr } = await restore(history.delivered, to)
    assert.equal(exit, 0, stderr)
    assert.match(stdout, /^Restored 2 objects/)
    assert.equal(await readFile(join(to, changed), 'utf8'), before)
  })

  test('a part by device, date and kind is no finding', async () => {
    for (const [words, pattern] of [
      [['--from', '2026-11-23', '--until', '2026-11-24'], /\/2026-11-23\//],
      [['--kind', 'records'], /\.records\./],
      [['--kind', 'screenshots'], /\.screenshot\./],
    ] as const) {
      const to = place(`part ${words.join(' ')}`)
      const { exit, stdout, stderr } = await restore(history.delivered, to, '--device', 'laptop', ...words)
      assert.equal(exit, 0, stdout + stderr)
      const wanted = objects.filter(path => pattern.test(path))
      assert.deepEqual(
        await filesIn(to),
        wanted.map(path => path.replace(/(\.zst)?\.age$/, '')),
      )
    }
    const none = await restore(history.delivered, place('none'), '--device', 'tablet')
    assert.match(none.stderr, /^FILE_UNREADABLE/)
    assert.match((await restore(history.delivered, 'x', '--from', 'monday')).stderr, /^USAGE/)
  })

  test('--sealed keeps the objects as they are, so that the folder can be verified', async () => {
    const to = place('sealed')
    const { exit, stderr } = await restore(history.delivered, to, '--sealed')
    assert.equal(exit, 0, stderr)
    assert.deepEqual(await filesIn(to), objects)
    for (const path of objects)
      assert.deepEqual(await readFile(join(to, path)), await readFile(join(history.delivered, path)))
  })

  test('a damaged, a foreign and an inflating object are named and not saved, and the others are', async () => {
    const source = await copyOf('damaged')
    const [damaged = ''] = objects.filter(path => path.includes('.records.'))
    await writeFile(join(source, damaged), 'damaged')
    const day = join(source, objects[0]?.split('/').slice(0, 2).join('/') ?? '')
    const foreign = new Encrypter()
    foreign.addRecipient('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p')
    await put(day, 900, await foreign.encrypt('for another'), 'screenshot.webp')
    const own = new Encrypter()
    own.addRecipient(await recipientOf(history.identity))
    const bomb = zstdCompressSync(Buffer.alloc(budgets.segmentBytes.most + 1))
    await put(day, 901, await own.encrypt(bomb), 'records.ndjson.zst')
    const to = place('whole')
    const { exit, stdout, stderr, peakBytes } = await restore(source, to)
    assert.equal(exit, 65)
    assert.match(stderr, /^RECORDS_NOT_INTACT/m)
    assert.match(stderr, new RegExp(`Skipped: .*${basename(damaged)}`))
    assert.match(stdout, /and 3 were skipped/)
    assert.match(stdout, /its content is not what its name says/)
    assert.equal(stdout.match(/it cannot be opened with this identity/g)?.length, 2)
    assert.equal((await filesIn(to)).length, objects.length - 1)
    assert.ok(peakBytes < 150e6, `${peakBytes} bytes`)
  })

  test('what was killed half-way leaves nothing half, and is continued', async () => {
    const to = place('killed')
    const words = ['restore', history.delivered, '--to', to, '--identity', history.identity]
    const child = spawn(process.execPath, [builtProgram('cli'), ...words], { env, stdio: 'ignore' })
    await waitFor('the first file', async () => (await filesIn(to).catch(() => [])).length > 0, {
      everyMs: 1,
    })
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    const left = await filesIn(to)
    await writeFile(join(to, 'laptop', '2026-11-22', '.x.records.ndjson.99999999.tmp'), 'half')
    await writeFile(join(to, 'laptop', '2026-11-22', '.restored.ndjson'), '{"name":', { flag: 'a' })
    const { exit, stdout, stderr } = await restore(history.delivered, to)
    assert.equal(exit, 0, stderr)
    assert.equal((await filesIn(to)).length, objects.length)
    const restored = Number(/^Restored (\d+)/.exec(stdout)?.[1])
    // The last of them may not be noted yet.
    assert.ok(restored <= objects.length - left.length + 8, stdout)
    assert.deepEqual(
      (await readdir(join(to, 'laptop', '2026-11-22'))).filter(name => name.endsWith('.tmp')),
      [],
    )
  })

  test('nothing is written through a link or outside of the folder', async () => {
    const source = place('names')
    const [object = ''] = objects
    const bytes = await readFile(join(history.delivered, object))
    for (const device of ['..%2f', '\u001b[2J', ' .', 'a\nb']) {
      const day = join(source, device, '2026-11-22')
      await mkdir(day, { recursive: true })
      await writeFile(join(day, basename(object)), bytes)
    }
    const to = place('safe')
    const { stdout, stderr } = await restore(source, to)
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'))
    // Each of them was moved, and is not saved; what was made is a plain name.
    for (const path of await filesIn(to)) assert.match(path, /^[\w%. /-]+$/)

    const linked = place('linked')
    await mkdir(place('elsewhere'))
    await mkdir(linked)
    await symlink(place('elsewhere'), join(linked, 'laptop'))
    const refused = await restore(history.delivered, linked)
    assert.match(refused.stderr, /^FILE_NOT_WRITABLE[^\n]*\n[^\n]*something that is no folder/)
    assert.deepEqual(await readdir(place('elsewhere')), [])
  })

  test('a disk that is full ends it, and when there is room it goes on', async t => {
    await using disk = await mountSmallDisk(place('disk'), 256 * 1024)
    if (!disk) return t.skip('needs an administrator')
    const to = join(disk.folder, 'restored')
    await mkdir(to)
    await disk.fill()
    const full = await restore(history.delivered, to)
    assert.match(full.stderr, /^FILE_NOT_WRITABLE[^\n]*\n[^\n]*the disk is full/)
    assert.equal(full.exit, 74)
    assert.deepEqual(await filesIn(to), [])
    await disk.free()
    const { exit, stderr } = await restore(history.delivered, to)
    assert.equal(exit, 0, stderr)
    assert.equal((await filesIn(to)).length, objects.length)
  })
})

async function recipientOf(identity: string): Promise<string> {
  return /age1[02-9a-z]+/.exec(await readFile(identity, 'utf8'))?.[0] ?? ''
}

async function put(day: string, seq: number, sealed: Uint8Array, kind: string): Promise<void> {
  await writeFile(join(day, `${String(seq).padStart(12, '0')}-${hash('sha256', sealed)}.${kind}.age`), sealed)
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort()
}

async function sealedIn(folder: string): Promise<string[]> {
  return (await filesIn(folder)).filter(path => path.endsWith('.age'))
}
