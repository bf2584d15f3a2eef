import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { acquireLock } from '../../native-host/adapters/store/lock.ts'
import { describeHolder, lockHolder } from '../../native-host/platform/files/lock-holder.ts'
import { AppError } from '../../protocol/errors.ts'
import { assertWithin } from '../support/pace.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { waitFor } from '../support/wait-for.ts'

const notRoot = process.getuid?.() !== 0 && 'only root can bring this about'

describe('the single-instance lock, among real processes', () => {
  test('of twenty that start at once exactly one holds it', async () => {
    await using world = makeWorld()
    const contenders = await Promise.all(Array.from({ length: 20 }, () => world.start()))
    const answers = await Promise.all(contenders.map(each => each.tryLock()))
    assert.equal(answers.filter(each => each === 'held').length, 1)
    assert.equal(answers.filter(each => each === 'busy').length, 19)
  })

  test('after kill -9 of its holder the next one has it within two seconds', async () => {
    await using world = makeWorld()
    const holder = await world.start()
    const next = await world.start()
    assert.equal(await holder.tryLock(), 'held')
    const killed = performance.now()
    holder.process.kill('SIGKILL')
    await once(holder.process, 'exit')
    assert.equal(await next.tryLock(), 'held')
    await assertWithin(2000, performance.now() - killed)
  })

  test('held here, it is busy there, until it is disposed of', async () => {
    await using world = makeWorld()
    const [first, second] = [await world.start(), await world.start()]
    {
      using lock = acquireLock(world.path)
      assert.ok(lock)
      assert.equal(acquireLock(world.path), undefined, 'in the same process too')
      assert.equal(await first.tryLock(), 'busy', 'and the second try has not released it')
    }
    assert.equal(await second.tryLock(), 'held')
  })

  test('the garbage collector does not release it', async () => {
    await using world = makeWorld()
    assert.ok(acquireLock(world.path))
    setFlagsFromString('--expose-gc')
    const collectGarbage: unknown = runInNewContext('gc')
    assert.ok(typeof collectGarbage === 'function')
    for (let n = 0; n < 5; n++) {
      collectGarbage()
      await new Promise(setImmediate)
    }
    assert.equal(await (await world.start()).tryLock(), 'busy')
  })

  test('the lock works with any content in its file', async () => {
    await using world = makeWorld()
    mkdirSync(dirname(world.path))
    writeFileSync(world.path, 'this is no database, although it is long enough to be one'.repeat(100))
    const [first, second] = [await world.start(), await world.start()]
    const answers = await Promise.all([first.tryLock(), second.tryLock()])
    assert.deepEqual(answers.sort(), ['busy', 'held'])
  })

  test('its folder and file are for this user only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lock-'))
    const path = join(folder, 'home', 'lock.db')
    using _lock = acquireLock(path)
    assert.deepEqual(readdirSync(dirname(path)), ['lock.db'], 'and there is nothing but this file')
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700)
    assert.equal(statSync(path).mode & 0o777, 0o600)
    rmSync(folder, { recursive: true })
  })

  for (const [name, prepare] of [
    ['a folder in its place', (path: string) => mkdirSync(path)],
    ['a link in its place', (path: string) => symlinkSync('/dev/null', path)],
  ] as const)
    test(`${name} is an error that names it`, async () => {
      await using world = makeWorld()
      mkdirSync(dirname(world.path))
      prepare(world.path)
      assert.throws(() => acquireLock(world.path), {
        code: 'STORE_NOT_WRITABLE',
        detail: `${world.path} is not a file`,
      })
    })

  test('a lock file of another user is an error that says so', { skip: notRoot }, async () => {
    await using world = makeWorld()
    mkdirSync(dirname(world.path))
    writeFileSync(world.path, '', { mode: 0o666 })
    chownSync(world.path, 12_345, 12_345)
    const detail = `${world.path} belongs to another user`
    assert.throws(() => acquireLock(world.path), { code: 'STORE_NOT_WRITABLE', detail })
  })

  test('on a disk that is read-only no process holds it, not even where its file is', {
    skip: notRoot,
  }, async t => {
    await using world = makeWorld()
    await using disk = await mountSmallDisk(dirname(world.path), 1024 * 1024)
    // A container may have root and still no right to mount.
    if (!disk) return t.skip('nothing can be mounted here')
    const first = await world.start()
    assert.equal(await first.tryLock(), 'held')
    first.process.kill('SIGKILL')
    await once(first.process, 'exit')
    await disk.allow('ro')
    for (let n = 0; n < 2; n++) assert.equal(await (await world.start()).tryLock(), 'STORE_NOT_WRITABLE')
    await disk.allow('rw')
    assert.equal(await (await world.start()).tryLock(), 'held')
  })

  test('a holder that was stopped still holds it, and the system says which process that is', async () => {
    await using world = makeWorld()
    assert.equal(lockHolder(world.path), undefined)
    const [holder, next] = [await world.start(), await world.start()]
    assert.equal(await holder.tryLock(), 'held')
    assert.deepEqual(lockHolder(world.path), { pid: holder.process.pid, stopped: false })
    holder.process.kill('SIGSTOP')
    await waitFor('the stop', () => lockHolder(world.path)?.stopped)
    assert.equal(describeHolder(world.path), `process ${holder.process.pid}, which was stopped`)
    assert.equal(await next.tryLock(), 'busy')
    holder.process.kill('SIGCONT')
    await waitFor('the end of the stop', () => lockHolder(world.path)?.stopped === false)
  })

  test('a folder that cannot be is an error, not a lock held by another', () => {
    assert.throws(
      () => acquireLock('/dev/null/home/lock.db'),
      (error: unknown) => error instanceof AppError && error.code === 'STORE_NOT_WRITABLE',
    )
  })
})

function makeWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  const path = join(folder, 'home', 'lock.db')
  const started: ChildProcess[] = []

  return {
    path,

    async start() {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'lock-holder.ts'), path], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      started.push(child)
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      assert.equal((await lines.next()).value, 'ready')
      return {
        process: child,
        async tryLock(): Promise<string | undefined> {
          child.stdin.write('\n')
          const { value } = await lines.next()
          return value
        },
      }
    },

    async [Symbol.asyncDispose]() {
      for (const child of started) child.kill('SIGKILL')
      await Promise.all(started.map(child => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
      rmSync(folder, { recursive: true })
    },
  }
}
