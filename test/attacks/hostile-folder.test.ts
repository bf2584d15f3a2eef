import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { mountsAreForbidden } from '../support/private-mount.ts'
import { type Ended, runCli } from '../support/run-cli.ts'
import { allowTracker } from '../support/tracker-home.ts'

/** A folder of delivered objects, with files among them that are no objects. */
async function createWorld() {
  const root = await mkdtemp(join(tmpdir(), 'at-'))
  const env = { PATH: process.env.PATH, HOME: root, ACTIVITY_TRACKER_HOME: join(root, 'tracker') }
  await allowTracker(env)
  const { ACTIVITY_TRACKER_HOME: _, ...elsewhere } = env
  const cli = (...words: string[]) => runCli(words, { env, cwd: root })
  await cli('keys', 'new')
  const text = await readFile(join(root, 'tracker', 'recipients.txt'), 'utf8')
  const recipient = /^age1.*$/m.exec(text)?.[0] ?? ''
  const day = join(root, 'delivered', 'device', '2026-11-30')
  await mkdir(day, { recursive: true })
  return {
    root,
    day,
    delivered: join(root, 'delivered'),
    cli,
    cliThrough: (through: readonly string[], ...words: string[]) => {
      const known = words.includes('--identity') ? elsewhere : env
      return runCli(words, { env: known, cwd: root, through })
    },
    async put(seq: number, content: string, extension = 'records.ndjson.zst'): Promise<string> {
      const encrypter = new Encrypter()
      encrypter.addRecipient(recipient)
      const sealed = await encrypter.encrypt(extension.startsWith('r') ? zstdCompressSync(content) : content)
      const path = join(day, `${String(seq).padStart(12, '0')}-${hash('sha256', sealed)}.${extension}.age`)
      await writeFile(path, sealed)
      return path
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

const nameOf = (seq: number) => `${String(seq).padStart(12, '0')}-${'0'.repeat(64)}.records.ndjson.zst.age`

test('verify reads the copies of an object too, and says what was named and holds nothing', async () => {
  await using world = await createWorld()
  const { root, day, delivered, cli } = world
  const path = await world.put(1, '{"first":1}\n')
  const copy = join(root, 'copy', 'device', '2026-11-30')
  await mkdir(copy, { recursive: true })
  await writeFile(join(copy, basename(path)), await readFile(path))
  const { stdout: before } = await cli('verify', delivered, join(root, 'copy'))
  assert.doesNotMatch(before, /its content is not what its name says/)
  await writeFile(join(copy, basename(path)), 'forged')
  const { stdout } = await cli('verify', delivered, join(root, 'copy'))
  assert.match(stdout, /its content is not what its name says/)

  const empty = join(root, 'empty')
  await mkdir(empty)
  const { stdout: json } = await cli('verify', day, empty, '--json')
  assert.deepEqual(JSON.parse(json).passed_over, [{ kind: 'no objects', count: 1, path: empty }])
})

test('what is no plain file is passed over, counted and named; verify and open go on', async t => {
  await using world = await createWorld()
  const { root, day, delivered, cli } = world
  await world.put(1, '{"first":1}\n')
  await world.put(2, 'RIFF', 'screenshot.webp')
  await world.put(3, '{"last":3}\n')
  execFileSync('mkfifo', [join(day, nameOf(4))])
  await symlink('/dev/zero', join(day, nameOf(5)))
  await symlink(delivered, join(day, 'around'))
  const server = createServer().listen(join(root, 's'))
  await using _ = { [Symbol.asyncDispose]: async () => void server.close() }
  await writeFile(Buffer.concat([Buffer.from(join(day, 'a')), Buffer.from([0xff, 0xfe])]), '')
  await writeFile(join(day, 'notes.txt'), 'mine')
  await truncate(await world.put(6, 'x'), budgets.objectBytes.most + 1)
  await mkdir(join(day, ...Array.from({ length: 20 }, () => 'd')), { recursive: true })

  const named = ({ stdout, stderr }: Ended) => {
    const said = stdout + stderr
    assert.match(said, /skipped: 1 pipe, .*000000000004-/)
    assert.match(said, /skipped: 2 links, the first is /)
    assert.match(said, /skipped: 1 name that is not UTF-8/)
    assert.match(said, /skipped: 1 folder that is nested too deeply/)
    assert.match(said, /has more than 67108864 bytes/)
    assert.doesNotMatch(said, /notes\.txt/)
  }

  await t.test('verify', async () => {
    const verified = await cli('verify', delivered)
    assert.equal(verified.exit, 65, verified.stderr)
    named(verified)
    assert.match(verified.stdout, /✘ skipped: 1 folder that is nested too deeply/)
    assert.match(verified.stdout, /– skipped: 2 links/)
    const json = JSON.parse((await cli('--json', 'verify', delivered)).stdout)
    assert.equal(json.passed_over.length, 4)
  })

  await t.test('open of the folder, in order, into a folder that it makes', async () => {
    const opened = await cli('open', delivered, '--out', 'new/pictures')
    assert.equal(opened.exit, 65)
    assert.equal(opened.stdout, '{"first":1}\n{"last":3}\n')
    named(opened)
    assert.match(opened.stderr, /OPEN_FAILED.*\n.*2 of 5 files; each is listed above/)
    assert.equal((await readdir(join(root, 'new', 'pictures'))).length, 1)
  })
})

/** In a mount namespace of its own the file is the memory of the program itself: a plain file whose first page cannot be read. */
const unreadableAt = (path: string) => [
  ...['unshare', '--map-root-user', '--mount', '--propagation', 'private'],
  ...['sh', '-c', 'mount --bind "/proc/$$/mem" "$0" && exec "$@"', path],
]

test('an entry that the disk cannot read (EIO) is one finding and not the end', {
  skip: mountsAreForbidden() && 'nothing can be mounted here',
}, async () => {
  await using world = await createWorld()
  await world.put(1, '{"first":1}\n')
  const broken = await world.put(2, '{"second":2}\n')
  await world.put(3, '{"third":3}\n')
  const through = unreadableAt(broken)
  const opened = await world.cliThrough(through, 'open', world.delivered)
  assert.equal(opened.stdout, '{"first":1}\n{"third":3}\n', opened.stderr)
  assert.match(opened.stderr, /FILE_UNREADABLE/)
  assert.ok(opened.stderr.includes(basename(broken)), opened.stderr)
  assert.equal(opened.exit, 65)
  const verified = await world.cliThrough(through, 'verify', world.delivered)
  assert.equal(verified.exit, 65, verified.stderr)
  const findings = verified.stdout.split('\n').filter(line => line.includes(basename(broken)))
  assert.equal(findings.length, 1, verified.stdout)
  assert.match(findings[0] ?? '', /✘ .*: it cannot be read/)
  assert.doesNotMatch(verified.stdout + verified.stderr, /INTERNAL/)
})

test('what the system does not let one read (EACCES), a file and a folder, is a finding each and not the end', {
  skip: process.getuid?.() !== 0 && 'only root can act as a user who may not',
}, async () => {
  await using world = await createWorld()
  await world.put(1, '{"first":1}\n')
  const shut = await world.put(2, '{"second":2}\n')
  await world.put(3, '{"third":3}\n')
  const folder = join(world.day, 'shut')
  await mkdir(folder)
  await chmod(shut, 0)
  await chmod(folder, 0)
  await chmod(world.root, 0o755)
  const identity = join(world.root, 'identity.txt')
  await writeFile(identity, await readFile(join(world.root, 'tracker', 'identity.txt')), { mode: 0o644 })
  const other = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const opened = await world.cliThrough(other, 'open', world.delivered, '--identity', identity)
  assert.equal(opened.stdout, '{"first":1}\n{"third":3}\n', opened.stderr)
  for (const named of [basename(shut), 'skipped: 1 folder that cannot be read'])
    assert.ok(opened.stderr.includes(named), opened.stderr)
  assert.equal(opened.exit, 65)
  const verified = await world.cliThrough(other, 'verify', world.delivered, '--identity', identity)
  assert.equal(verified.exit, 65, verified.stderr)
  for (const named of [basename(shut), '✘ skipped: 1 folder that cannot be read'])
    assert.ok(verified.stdout.includes(named), verified.stdout)
  assert.doesNotMatch(verified.stdout + verified.stderr, /INTERNAL/)
})

test('open --out: what is wrong with that folder is said of that folder', async () => {
  await using world = await createWorld()
  const picture = await world.put(1, 'RIFF', 'screenshot.webp')
  await writeFile(join(world.root, 'file'), '')
  for (const out of ['file', 'file/below', '/proc/nothing']) {
    const opened = await world.cli('open', picture, '--out', out)
    assert.match(opened.stderr, /^FILE_NOT_WRITABLE: /)
    assert.ok(opened.stderr.includes(`${out}: `), opened.stderr)
    assert.doesNotMatch(opened.stderr, /record/)
    assert.equal(opened.exit, 74)
  }
  const opened = await world.cli('open', picture, '--out', 'new')
  assert.equal(opened.exit, 0, opened.stderr)
  assert.equal(await readFile(opened.stderr.trim().replace(/^new/, join(world.root, 'new')), 'utf8'), 'RIFF')
})

test('an identity file with other kinds in it opens, and says what it passed over when none fits', async () => {
  await using world = await createWorld()
  const object = await world.put(1, '{"first":1}\n')
  const own = await readFile(join(world.root, 'tracker', 'identity.txt'), 'utf8')
  const ssh = '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----'
  const others = `AGE-PLUGIN-YUBIKEY-1QSECRET\nAGE-SECRET-KEY-PQ-1QSECRET\n${ssh}\nhunter2\n`
  await writeFile(join(world.root, 'mixed.txt'), `${others}${own}`)
  const opened = await world.cli('open', object, '--identity', 'mixed.txt')
  assert.equal(opened.stdout, '{"first":1}\n', opened.stderr)
  assert.match(opened.stderr, /^Skipped: .*mixed\.txt: line 1 is the identity of a plugin/)

  await writeFile(join(world.root, 'others.txt'), others)
  const refused = await world.cli('open', object, '--identity', 'others.txt')
  assert.match(refused.stderr, /^IDENTITY_MISSING/)
  await world.cli('keys', 'new', '--out', 'another.txt')
  const another = await readFile(join(world.root, 'another.txt'), 'utf8')
  await writeFile(join(world.root, 'wrong.txt'), `${others}${another}`)
  const wrong = await world.cli('open', object, '--identity', 'wrong.txt')
  assert.match(wrong.stderr, /^OPEN_FAILED/m)
  // One that fits may come from another file.
  const both = await world.cli('open', object, '--identity', 'another.txt', '--identity', 'mixed.txt')
  assert.equal(both.stdout, '{"first":1}\n', both.stderr)
  for (const { stderr } of [refused, wrong, opened]) {
    assert.match(
      stderr,
      /line 1 is the identity of a plugin, line 2 is a post-quantum identity, line 3 is an SSH key/,
    )
    assert.doesNotMatch(stderr, /SECRET|c2VjcmV0|hunter2/)
  }

  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(10)
  encrypter.setPassphrase('a passphrase')
  await writeFile(join(world.root, 'locked.age'), await encrypter.encrypt(own))
  const locked = await world.cli('open', object, '--identity', 'locked.age')
  assert.match(locked.stderr, /^IDENTITY_LOCKED[\s\S]*age -d -o identity\.txt/)
})
