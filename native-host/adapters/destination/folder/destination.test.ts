import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { sealedBytes } from '../../../../test/support/sealed-bytes.ts'
import { folderDestination, prepareFolder } from './destination.ts'
import { markName } from './mark.ts'

const never = new AbortController().signal
const bytes = new TextEncoder().encode('sealed')
const sealed = sealedBytes(bytes)
const key = 'device-1/2026-11-22/000000000001-ab.age'

async function newDrive() {
  const drive = await mkdtemp(join(tmpdir(), 'at-folder-'))
  return {
    drive,
    root: join(drive, 'records', 'of-anna'),
    [Symbol.asyncDispose]: () => rm(drive, { recursive: true, force: true }),
  }
}

test('the folder is made once, for this user only, and takes objects', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  await prepareFolder(at.root)
  await folderDestination(at.root).put(key, sealed, never)
  assert.deepEqual(new Uint8Array(await readFile(join(at.root, key))), bytes)
  assert.equal((await stat(at.root)).mode & 0o777, 0o700)
  assert.equal((await stat(join(at.root, key))).mode & 0o777, 0o600)
})

test('a folder that is written in another way is the same folder', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  await folderDestination(`${at.drive}//records/../records/of-anna/`).put(key, sealed, never)
  assert.deepEqual((await readdir(at.root)).sort(), [markName, 'device-1'])
})

test('a folder that is gone is never made again by a delivery', async () => {
  await using at = await newDrive()
  const destination = folderDestination(at.root)
  const missing = { code: 'DELIVERY_FOLDER_MISSING', detail: at.root }
  await assert.rejects(destination.put(key, sealed, never), missing)
  await prepareFolder(at.root)
  await destination.put(key, sealed, never)

  await rename(join(at.drive, 'records'), join(at.drive, 'unplugged'))
  await assert.rejects(destination.put(key, sealed, never), missing)
  assert.deepEqual(await readdir(at.drive), ['unplugged'])

  await rename(join(at.drive, 'unplugged'), join(at.drive, 'records'))
  await destination.put(key, sealed, never)
})

test('the empty place of a drive that is not plugged in is not the folder, and stays empty', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  const destination = folderDestination(at.root)
  await destination.put(key, sealed, never)
  await rename(at.root, join(at.drive, 'unplugged'))
  await mkdir(at.root)
  const unmarked = { code: 'DELIVERY_FOLDER_UNMARKED', detail: join(at.root, markName) }
  for (const again of [destination, folderDestination(at.root)])
    await assert.rejects(again.put(key, sealed, never), unmarked)
  assert.deepEqual(await readdir(at.root), [])

  await rm(at.root, { recursive: true })
  await rename(join(at.drive, 'unplugged'), at.root)
  await destination.put(key, sealed, never)
})

test('a folder that is marked by hand, with an empty file, is the folder', async () => {
  await using at = await newDrive()
  await mkdir(at.root, { recursive: true })
  await writeFile(join(at.root, markName), '')
  await folderDestination(at.root).put(key, sealed, never)
  await prepareFolder(at.root)
  assert.equal(await readFile(join(at.root, markName), 'utf8'), '')
})

test('another drive in its place gets the folders below', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  const destination = folderDestination(at.root)
  await destination.put(key, sealed, never)
  await rename(at.root, join(at.drive, 'old'))
  await prepareFolder(at.root)
  await destination.put(key, sealed, never)
  assert.deepEqual(new Uint8Array(await readFile(join(at.root, key))), bytes)
})

test('a file in the place of the folder is not a folder', async () => {
  await using at = await newDrive()
  await writeFile(join(at.drive, 'records'), '')
  await assert.rejects(folderDestination(join(at.drive, 'records')).put(key, sealed, never), {
    code: 'DELIVERY_FOLDER_MISSING',
  })
  await assert.rejects(folderDestination(at.root).put(key, sealed, never), {
    code: 'DELIVERY_FOLDER_MISSING',
  })
  await assert.rejects(prepareFolder(at.root), { code: 'DELIVERY_FOLDER_NOT_WRITABLE', detail: at.root })
})

test('what is in the way below the folder is said, and does not harm other objects', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  await writeFile(join(at.root, 'device-1'), 'a file')
  const destination = folderDestination(at.root)
  await assert.rejects(destination.put(key, sealed, never), { code: 'DELIVERY_FOLDER_NOT_WRITABLE' })
  await destination.put('device-2/x.age', sealed, never)
})

test('a damaged object of the same name is replaced by the good one', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  const destination = folderDestination(at.root)
  await destination.put(key, sealed, never)
  for (const damaged of ['', 'sealeD', 'sealed and more']) {
    await writeFile(join(at.root, key), damaged)
    await destination.put(key, sealed, never)
    assert.deepEqual(new Uint8Array(await readFile(join(at.root, key))), bytes)
  }
})

test('what a killed process left unfinished is cleared away', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  await mkdir(join(at.root, 'device-1/2026-11-22'), { recursive: true })
  await writeFile(join(at.root, `${key}.4711.tmp`), 'sea')
  await folderDestination(at.root).put(key, sealed, never)
  assert.deepEqual(await readdir(join(at.root, 'device-1/2026-11-22')), ['000000000001-ab.age'])
})

for (const bad of ['../x', 'a/../x', '/x', 'a//x', 'a/', '', '.', 'a/./x', 'a\\x', 'C:x', 'a\0x']) {
  test(`the key ${JSON.stringify(bad)} does not lead anywhere`, async () => {
    await using at = await newDrive()
    await prepareFolder(at.root)
    await assert.rejects(folderDestination(at.root).put(bad, sealed, never), { code: 'INTERNAL' })
    const there = ['records', 'records/of-anna', `records/of-anna/${markName}`]
    assert.deepEqual((await readdir(at.drive, { recursive: true })).sort(), there)
  })
}

const program = `
  const { folderDestination } = await import(${JSON.stringify(join(import.meta.dirname, 'destination.ts'))})
  const { sealedBytes } = await import(${JSON.stringify(join(import.meta.dirname, '../../../../test/support/sealed-bytes.ts'))})
  await folderDestination(process.argv[1]).put(${JSON.stringify(key)}, sealedBytes('sealed'), new AbortController().signal)
`

/** What a process of its own does to deliver: the calls that matter after a power cut, in their order. */
async function stepsOfDelivery(root: string): Promise<string[]> {
  const trace = join(dirname(root), 'trace')
  const calls = ['-f', '-y', '-e', 'trace=fsync,rename,renameat2', '-o', trace]
  await promisify(execFile)('strace', [...calls, process.execPath, '-e', program, root])
  return (await readFile(trace, 'utf8'))
    .split('\n')
    .filter(line => line.includes(root) && !line.includes('<unfinished'))
    .map(line =>
      line
        .replaceAll(`${root}/`, '')
        .replaceAll(root, '.')
        .replace(/^\d+ +/, ''),
    )
    .map(line => /^fsync\(\d+<(.*?)>/.exec(line)?.[1] ?? /^rename/.exec(line)?.[0] ?? line)
    .map(step => step.replace(/\.\d+\.tmp$/, ' unfinished'))
}

test('a delivery is on the disk when it resolves: the file, its name, and the folders up to the root', async () => {
  await using at = await newDrive()
  await prepareFolder(at.root)
  const folders = ['device-1/2026-11-22', 'device-1', '.']
  const written = [`${key} unfinished`, 'rename', 'device-1/2026-11-22']
  assert.deepEqual(await stepsOfDelivery(at.root), [...folders, ...written])
  // An earlier process may have been killed before the last step: what it left is made safe.
  assert.deepEqual(await stepsOfDelivery(at.root), [...folders, key])
})
