import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Encrypter } from 'age-encryption'
import { hasControls } from '../../protocol/escape-controls.ts'
import { type Ended, runCli } from '../support/run-cli.ts'
import { allowTracker, createTrackerHome } from '../support/tracker-home.ts'

/** Ends the line, begins one that looks like ours, wipes out others in two ways, and turns the writing round. */
const hostile = 'a\n  ✔ forged\u001b[1A\u001b[2K\u009b2J\r\u202egpj'

function assertPlain({ stdout, stderr }: Ended): void {
  const said = stdout + stderr
  assert.equal(hasControls(said.replaceAll('\n', '')), false, JSON.stringify(said))
  assert.doesNotMatch(said, /^\s*✔ forged/m)
}

async function createWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const named = join(folder, hostile)
  await mkdir(named)
  const env = { PATH: process.env.PATH, HOME: folder, ACTIVITY_TRACKER_HOME: join(folder, 'tracker') }
  await allowTracker(env)
  return {
    folder,
    named,
    cli: (...words: string[]) => runCli(words, { env, cwd: folder }),
    async seal(text: string) {
      const encrypter = new Encrypter()
      const recipients = await readFile(join(folder, 'tracker', 'recipients.txt'), 'utf8')
      encrypter.addRecipient(/^age1.*$/m.exec(recipients)?.[0] ?? '')
      return encrypter.encrypt(text)
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('no command that names what others named lets it control the terminal or forge a line', async t => {
  await using world = await createWorld()
  const { cli, named, folder } = world
  assertPlain(await cli('keys', 'new'))
  const object = `000000000001-${'0'.repeat(64)}.records.ndjson.zst.age`

  await t.test('verify', async () => {
    await writeFile(join(named, object), await world.seal('something else'))
    const verified = await cli('verify', folder)
    assertPlain(verified)
    assert.ok(verified.stdout.includes('a\\u000a  ✔ forged'), verified.stdout)
    assert.equal(verified.exit, 65)
    assertPlain(await cli('--json', 'verify', folder))
  })

  await t.test('open: what cannot be opened, where a picture went, and what is no object', async () => {
    const picture = join(named, 'picture.webp.age')
    await writeFile(picture, await world.seal('RIFF'))
    assertPlain(await cli('open', join(named, 'nothing.age'), join(named, 'gone.age')))
    const opened = await cli('open', picture, '--out', named)
    assertPlain(opened)
    assert.equal(opened.exit, 0, opened.stderr)
    assertPlain(await cli('open', join(folder, hostile), '--identity', named))
  })

  await t.test('detect', async () => {
    const recording = join(named, 'r.csv')
    await writeFile(recording, 's,t,e,x,y,b\n0,5,m,1,1,\n0,1,m,2,2,\n')
    assertPlain(await cli('detect', recording, join(named, 'gone.csv')))
    await writeFile(recording, `s,t,e,x,y,b\n${hostile}\n`)
    assertPlain(await cli('detect', recording))
  })

  await t.test('import', async () => {
    const config = join(named, 'config.txt')
    await writeFile(config, `[settings]\n${hostile} = ${hostile}\nscreenshot_interval = 6\u001b[2K0\n`)
    assertPlain(await cli('import', config))
  })

  await t.test('settings, a usage error and help', async () => {
    assertPlain(await cli('settings', 'set', hostile, hostile))
    assertPlain(await cli('settings', 'set', 'screenshot_interval', hostile))
    assertPlain(await cli(hostile))
    assertPlain(await cli('keys', 'export', named))
    assertPlain(await cli('keys', 'add-recipient', hostile))
  })
})

test('a home of a hostile name: start, status, doctor, the log and stop stay plain', async () => {
  await using home = await createTrackerHome()
  const env = { ...home.env, ACTIVITY_TRACKER_HOME: join(home.root, 'a\n✔ forged\u009b2J') }
  await allowTracker(env)
  const cli = (...words: string[]) => runCli(words, { env })
  assertPlain(await cli('status'))
  const started = await cli('start', '--acknowledge')
  assert.equal(started.exit, 0, started.stderr)
  assertPlain(started)
  for (const words of [['status'], ['--json', 'status'], ['doctor'], ['settings', 'get'], ['stop']])
    assertPlain(await cli(...words))
  const log = await readFile(join(env.ACTIVITY_TRACKER_HOME, 'log', 'agent.log'), 'utf8').catch(() => '')
  assert.equal(hasControls(log.replaceAll('\n', '')), false)
})
