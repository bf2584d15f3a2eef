import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { zstdCompressSync } from 'node:zlib'
import { Encrypter } from 'age-encryption'
import { consentText } from '../../protocol/consent.ts'
import { type ErrorCode, errorRows } from '../../protocol/errors.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import { builtProgram } from '../../test/support/built-program.ts'
import { allowTracker } from '../../test/support/tracker-home.ts'
import { acquireLock } from '../adapters/store/lock.ts'
import { placesOf } from '../platform/files/places.ts'

/** The command line as a person or a script runs it: real processes, each test in a home of its own. */
const root = mkdtempSync(join(tmpdir(), 'cli-'))
after(() => rm(root, { recursive: true, force: true }))

type Ended = { code: number | null; out: string; err: string }
type Home = {
  path: string
  run(...args: string[]): Promise<Ended>
  runWith(input: Uint8Array, ...args: string[]): Promise<Ended>
}

let homes = 0
function home(): Home {
  const path = join(root, `home-${++homes}`)
  return {
    path,
    run: (...args) => runCli(path, args),
    runWith: (input, ...args) => runCli(path, args, input),
  }
}

async function runCli(path: string, args: string[], input?: Uint8Array): Promise<Ended> {
  await allowTracker({ ACTIVITY_TRACKER_HOME: path })
  const child = spawn(process.execPath, [builtProgram('cli'), ...args], {
    cwd: root,
    env: {
      HOME: join(root, 'user'),
      PATH: '/nonexistent',
      ACTIVITY_TRACKER_HOME: path,
      TZ: 'UTC',
      // Halves the time of each start.
      NODE_COMPILE_CACHE: join(root, 'compiled'),
    },
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  child.stdin.on('error', () => undefined).end(input)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}

describe('a command that fails says code, sentence and next step on stderr, and exits with the code of its row', {
  concurrency: 2,
}, () => {
  const rows: [what: string, args: string[], code: ErrorCode][] = [
    ['no command', [], 'USAGE'],
    ['a command that is none', ['frobnicate'], 'USAGE'],
    ['an argument too many', ['resume', 'now'], 'USAGE'],
    ['an option that is none', ['status', '--nope'], 'USAGE'],
    ['a pause that is none', ['pause', 'a while'], 'USAGE'],
    ['status without a tracker', ['status'], 'AGENT_UNREACHABLE'],
    ['pause without a tracker', ['pause', '15m'], 'AGENT_UNREACHABLE'],
    ['resume without a tracker', ['resume'], 'AGENT_UNREACHABLE'],
    ['screenshot without a tracker', ['screenshot'], 'AGENT_UNREACHABLE'],
    ['a setting that is none', ['settings', 'get', 'nope'], 'SETTING_UNKNOWN'],
    ['a name every object has', ['settings', 'set', 'constructor', '1'], 'SETTING_UNKNOWN'],
    ['a value out of its limits', ['settings', 'set', 'screenshot_interval', '1'], 'SETTING_INVALID'],
    ['keys that are not there', ['keys', 'show'], 'NO_RECIPIENT'],
    ['a recipient that is none', ['keys', 'add-recipient', 'age1nope'], 'RECIPIENT_INVALID'],
    ['an identity that is not here', ['keys', 'export', 'recovery.txt'], 'IDENTITY_MISSING'],
    ['a file that is not there', ['open', 'nothing.age'], 'FILE_UNREADABLE'],
    ['an import that is not there', ['import', 'nothing.txt'], 'FILE_UNREADABLE'],
    ['a browser that is none', ['install', '--browser', 'lynx'], 'USAGE'],
  ]
  for (const [what, args, code] of rows)
    test(what, async () => {
      const plain = await home().run(...args)
      const { sentence, next, exit } = errorRows[code]
      assert.equal(plain.code, exit)
      assert.ok(plain.err.includes(`${code}: ${sentence}\n`), plain.err)
      assert.ok(plain.err.includes(`→ ${next}\n`), plain.err)
    })

  test('and with --json one JSON object, with nothing on stdout', async () => {
    const { code, out, err } = await home().run('--json', 'settings', 'set', 'screenshot_interval', 'often')
    assert.equal(out, '')
    assert.equal(code, 64)
    const { sentence, next } = errorRows.SETTING_INVALID
    const detail = 'screenshot_interval takes a whole number from 5 to 3600 (seconds)'
    assert.deepEqual(JSON.parse(err), {
      error: { code: 'SETTING_INVALID', sentence, next, detail, exit: 64 },
    })
  })
})

test('status without a tracker still says where files and log are', async () => {
  const { path, run } = home()
  const { out } = await run('status')
  assert.match(out, /^Not running\n/)
  assert.ok(out.includes(join(path, 'log', 'agent.log')))
})

test('doctor without a tracker walks itself, names what is wrong and ends with the code of that', async () => {
  const { run } = home()
  assert.equal((await run('doctor')).code, 0)
  await run('settings', 'set', 'bucket_name', 'records')
  await run('settings', 'set', 'endpoint', 'http://127.0.0.1:1')
  const { code, out, err } = await run('doctor')
  assert.equal(code, errorRows.PORT_REFUSED.exit)
  assert.match(out, /^ok +Disk +[\d.]+ [kMGT]?B free$/m)
  assert.match(out, /^ok +Network +this computer {2}\(\d+ ms\)$/m)
  assert.match(out, /^- +Proxy +none is set$/m)
  assert.match(out, /^WRONG +Connection +PORT_REFUSED/m)
  assert.match(out, /^ +Bucket +not tried$/m)
  assert.match(err, /^PORT_REFUSED: .*\n {2}127\.0\.0\.1:1 \(ECONNREFUSED\)\n {2}→ /)

  const json = await run('doctor', '--json')
  assert.deepEqual(JSON.parse(json.out).first_problem, {
    code: 'PORT_REFUSED',
    detail: '127.0.0.1:1 (ECONNREFUSED)',
  })
  assert.equal(JSON.parse(json.err).error.code, 'PORT_REFUSED')
})

test('stop without a tracker is no error', async () => {
  const { run } = home()
  assert.equal((await run('stop')).code, 0)
  assert.deepEqual(JSON.parse((await run('stop', '--json')).out), { stopped: false })
})

test('help is a result: on stdout, without an error', async () => {
  const { code, out, err } = await home().run('help', 'pause')
  assert.equal(code, 0)
  assert.match(out, /tomorrow/)
  assert.equal(err, '')
  const within = await home().run('help', 'settings', 'set')
  assert.equal(within.code, 0, within.err)
  assert.match(within.out, /Usage: activity-tracker settings set .*<name> <value>/)
})

describe('settings without a tracker', () => {
  test('are the defaults at first, and change in the file', async () => {
    const { path, run } = home()
    assert.deepEqual(JSON.parse((await run('settings', 'get', '--json')).out), defaultSettings)
    assert.equal((await run('settings', 'set', 'screenshot_interval', ' 60')).code, 0)
    assert.equal((await run('settings', 'set', 'blur_screenshots', 'off')).code, 0)
    assert.deepEqual(JSON.parse(await readFile(join(path, 'config.json'), 'utf8')), {
      screenshot_interval: 60,
      blur_screenshots: false,
    })
  })

  test('wait for a tracker that is just starting, which would write its own over them', async () => {
    const { path, run } = home()
    const starting = acquireLock(placesOf({ ACTIVITY_TRACKER_HOME: path }).lockDb)
    let isOver = false
    const setting = run('settings', 'set', 'screenshot_interval', '60').finally(() => (isOver = true))
    await sleep(1500)
    assert.equal(isOver, false)
    starting?.[Symbol.dispose]()
    assert.equal((await setting).code, 0)
    assert.match(await readFile(join(path, 'config.json'), 'utf8'), /60/)
  })

  test('one by name: the value alone on stdout, its limits on stderr', async () => {
    const { out, err } = await home().run('settings', 'get', 'screenshot_interval')
    assert.equal(out, '300\n')
    assert.match(err, /from 5 to 3600 \(seconds\)/)
  })

  test('from a broken file are the defaults, and it says so', async () => {
    const { path, run } = home()
    await mkdir(path, { recursive: true })
    await writeFile(join(path, 'config.json'), '{ "screenshot_interval": 60')
    const { code, out, err } = await run('settings', 'get')
    assert.equal(code, 0)
    assert.match(out, /^screenshot_interval += 300$/m)
    assert.match(err, /CONFIG_BROKEN/)
  })
})

describe('keys', () => {
  test('new makes one that seals and opens, once', async () => {
    const { path, run } = home()
    const made = JSON.parse((await run('keys', 'new', '--json')).out)
    assert.match(made.recipient, /^age1/)
    assert.equal(made.identity, join(path, 'identity.txt'))
    assert.equal((await stat(made.identity)).mode & 0o777, 0o600)
    assert.deepEqual(JSON.parse((await run('keys', 'show', '--json')).out), {
      recipients: [made.recipient],
      identity: made.identity,
      device: null,
    })
    assert.match((await run('keys', 'new')).err, /FILE_EXISTS/)
  })

  test('new --out leaves only the recipient here, and the file opens', async () => {
    const { path, run } = home()
    const { recipient } = JSON.parse((await run('keys', 'new', '--out', 'far-away.txt', '--json')).out)
    assert.deepEqual((await readdir(path)).sort(), ['recipients.txt', 'separate-tracker'])
    const sealed = join(root, 'far.records.ndjson.zst.age')
    await writeFile(sealed, await sealFor(recipient, zstdCompressSync('{"seq":1}\n')))
    assert.match((await run('open', sealed)).err, /IDENTITY_MISSING/)
    assert.equal((await run('open', sealed, '--identity', 'far-away.txt')).out, '{"seq":1}\n')
  })

  test('a second recipient is added, and the first stays', async () => {
    const { run } = home()
    const mine = JSON.parse((await run('keys', 'new', '--json')).out).recipient
    const other = JSON.parse((await home().run('keys', 'new', '--json')).out).recipient
    assert.equal((await run('keys', 'add-recipient', other)).code, 0)
    assert.deepEqual(JSON.parse((await run('keys', 'show', '--json')).out).recipients, [mine, other])
  })

  test('export saves the identity and, if asked to, forgets it here', async () => {
    const { path, run } = home()
    await run('keys', 'new')
    const identity = await readFile(join(path, 'identity.txt'), 'utf8')
    assert.equal((await run('keys', 'export', 'saved.txt')).code, 0)
    assert.match((await run('keys', 'export', 'saved.txt')).err, /FILE_EXISTS/)
    assert.equal((await run('keys', 'export', 'saved-2.txt', '--forget-here')).code, 0)
    assert.equal(await readFile(join(root, 'saved-2.txt'), 'utf8'), identity)
    assert.equal(JSON.parse((await run('keys', 'show', '--json')).out).identity, null)
  })
})

describe('open', () => {
  const picture = Buffer.from('RIFF\x04\0\0\0WEBP')
  const records = '{"seq":1}\n{"seq":2}\n'
  let sealed: { records: string; picture: string; damaged: string }
  let mine: Home
  before(async () => {
    mine = home()
    const { recipient } = JSON.parse((await mine.run('keys', 'new', '--json')).out)
    sealed = {
      records: join(root, '000001-aa.records.ndjson.zst.age'),
      picture: join(root, '000002-bb.screenshot.webp.age'),
      damaged: join(root, '000003-cc.records.ndjson.zst.age'),
    }
    await writeFile(sealed.records, await sealFor(recipient, zstdCompressSync(records)))
    await writeFile(sealed.picture, await sealFor(recipient, picture))
    await writeFile(sealed.damaged, (await readFile(sealed.records)).subarray(0, -1))
  })

  test('prints records as they are', async () => {
    assert.deepEqual(await mine.run('open', sealed.records), { code: 0, out: records, err: '' })
  })

  test('reads one object from the standard input', async () => {
    const { out } = await mine.runWith(await readFile(sealed.records), 'open', '-')
    assert.equal(out, records)
  })

  test('writes a screenshot into the folder that its argument names, makes it, says where, and may do so twice', async () => {
    const out = join(root, 'pictures', 'of-today')
    for (const _ of [1, 2]) {
      const { code, err } = await mine.run('open', sealed.picture, '--out', out)
      assert.equal(code, 0)
      assert.equal(err, `${join(out, '000002-bb.screenshot.webp')}\n`)
    }
    assert.deepEqual(await readFile(join(out, '000002-bb.screenshot.webp')), picture)
  })

  test('never writes over another file', async () => {
    const out = join(root, 'taken')
    await mkdir(out)
    await writeFile(join(out, '000002-bb.screenshot.webp'), 'mine')
    const { code, err } = await mine.run('open', sealed.picture, '--out', out)
    assert.equal(code, errorRows.FILE_EXISTS.exit)
    assert.match(err, /FILE_EXISTS/)
    assert.equal(await readFile(join(out, '000002-bb.screenshot.webp'), 'utf8'), 'mine')
  })

  test('where that folder cannot be made, it is the one that is named', async () => {
    const out = join(root, 'no-folder')
    await writeFile(out, '')
    const { code, err } = await mine.run('open', sealed.picture, '--out', out)
    assert.equal(code, errorRows.FILE_NOT_WRITABLE.exit)
    assert.ok(err.includes(`  ${out}: a file is in the place of a folder\n`), err)
  })

  test('opens a folder with all that is in it', async () => {
    const folder = join(root, 'delivered', 'device')
    await mkdir(folder, { recursive: true })
    const named = (seq: number) => `${String(seq).padStart(12, '0')}-${'a'.repeat(64)}`
    for (const seq of [1, 4])
      await copyFile(sealed.records, join(folder, `${named(seq)}.records.ndjson.zst.age`))
    await copyFile(sealed.picture, join(folder, `${named(2)}.screenshot.webp.age`))
    const pictures = join(root, 'found')
    const { code, out, err } = await mine.run('open', join(root, 'delivered'), '--out', pictures)
    assert.equal(code, 0, err)
    assert.equal(out, records + records)
    assert.deepEqual(await readdir(pictures), [`${named(2)}.screenshot.webp`])
  })

  test('opens the others when one is damaged, names it, and fails', async () => {
    const { code, out, err } = await mine.run('open', sealed.damaged, sealed.records)
    assert.equal(code, errorRows.OPEN_FAILED.exit)
    assert.equal(out, records)
    assert.ok(err.startsWith(`${sealed.damaged}\nOPEN_FAILED`), err)
    assert.match(err, /1 of 2/)
  })
})

describe('import of a config.txt', () => {
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
  const config = [
    '[settings]',
    'screenshot_interval = 600  # seconds',
    'blur_screenshots = False',
    'battery_threshold = 900',
    'bucket_name = my-records',
    'colour = blue',
    'aws_access_key_id = AKIAEXAMPLE',
    `aws_secret_access_key = ${secret}`,
  ].join('\n')

  test('takes what fits, says what does not and ends with an error for it, and never shows a credential', async () => {
    const { path, runWith, run } = home()
    const { code, out, err } = await runWith(Buffer.from(config), 'import', '-')
    const { exit, sentence, next } = errorRows.IMPORT_INCOMPLETE
    assert.deepEqual([code, exit], [65, 65])
    const detail = 'battery_threshold takes a whole number from 0 to 100 (percent)'
    assert.equal(err, `IMPORT_INCOMPLETE: ${sentence}\n  ${detail}\n  → ${next}\n`)
    assert.deepEqual(
      out
        .trim()
        .split('\n')
        .map(line => line.split(/ {2,}/)),
      [
        ['imported', 'screenshot_interval = 600'],
        ['imported', 'blur_screenshots = false'],
        ['imported', 'bucket_name = my-records'],
        ['imported', 'credentials [set]'],
        ['ignored', 'colour'],
        ['refused', 'battery_threshold takes a whole number from 0 to 100 (percent)'],
      ],
    )
    assert.equal((await run('settings', 'get', 'bucket_name')).out, 'my-records\n')
    for (const text of [out, err, await readFile(join(path, 'config.json'), 'utf8')])
      assert.ok(!text.includes(secret) && !text.includes('AKIAEXAMPLE'))
    assert.equal((await stat(join(path, 'credentials'))).mode & 0o777, 0o600)
  })

  const id = 'AKIAQUOKKAZEPHYRUS01'
  const refusals: [what: string, lines: string[], detail: string][] = [
    [
      'an id twice',
      [`access_key = ${id}`, `secret_key = ${id}`],
      'the access key ID and the secret access key look like the same kind of value',
    ],
    [
      'a placeholder',
      [`access_key = ${id}`, 'secret_key = YOUR_SECRET_KEY'],
      'the secret access key is still a placeholder',
    ],
  ]
  for (const [what, lines, detail] of refusals)
    test(`refuses ${what} as credentials: the rest is taken, and it does not end as if all were well`, async () => {
      const { path, runWith } = home()
      const file = Buffer.from(['[settings]', 'battery_threshold = 30', ...lines].join('\r\n'), 'utf16le')
      const { code, out, err } = await runWith(file, 'import', '-', '--json')
      assert.equal(code, errorRows.CREDENTIALS_INVALID.exit)
      assert.deepEqual(JSON.parse(out).refused, [{ code: 'CREDENTIALS_INVALID', detail }])
      assert.equal(JSON.parse(err).error.detail, detail)
      assert.match(await readFile(join(path, 'config.json'), 'utf8'), /"battery_threshold": 30/)
      assert.ok(!(await readdir(path)).includes('credentials'))
      assert.ok(!`${out}${err}`.includes(id))
    })

  test('of something else fails', async () => {
    const { code, err } = await home().runWith(Buffer.from('hello'), 'import', '-')
    assert.equal(code, errorRows.IMPORT_FAILED.exit)
    assert.match(err, /IMPORT_FAILED/)
  })
})

describe('with a tracker', () => {
  const { path, run } = home()
  after(() => run('stop'))
  const json = async (...args: string[]) => {
    const { code, out, err } = await run(...args, '--json')
    assert.equal(code, 0, err)
    return JSON.parse(out)
  }

  test('start shows what is recorded and, where no person can answer, records nothing and leaves nothing running', async () => {
    const { code, err } = await run('start')
    assert.equal(code, errorRows.CONSENT_NEEDED.exit)
    for (const line of Object.values(consentText).flat()) assert.ok(err.includes(line), line)
    const { recipients } = await json('keys', 'show')
    assert.ok(err.includes(recipients[0]))
    assert.ok(err.includes(join(path, 'delivered')))
    assert.equal((await run('status')).code, errorRows.AGENT_UNREACHABLE.exit)
  })

  test('start --acknowledge begins, and says what is in the way: here there is no display', async () => {
    const status = await json('start', '--acknowledge')
    assert.deepEqual([status.state.kind, status.state.problem?.code], ['blocked', 'INPUT_NO_DISPLAY'])
    const { out } = await run('start')
    assert.match(out, /^Not tracking. INPUT_NO_DISPLAY: /)
  })

  test('pause and resume', async () => {
    const { until } = await json('pause', '15m')
    const paused = (await json('status')).state
    assert.deepEqual([paused.kind, paused.until], ['paused', until])
    await json('pause')
    assert.equal((await json('status')).state.until, null)
    assert.deepEqual(await json('resume'), { paused: false, tracking: false })
    assert.notEqual((await json('status')).state.kind, 'paused')
    const { code, out } = await run('resume')
    assert.equal(code, 0)
    assert.doesNotMatch(out, /has resumed/)
    assert.match(out, /The pause is over\.\n.*INPUT_NO_DISPLAY/)
  })

  test('resume says that the pause is over, and not that tracking has resumed where there is no display', async () => {
    await json('pause', '15m')
    const { code, out, err } = await run('resume')
    assert.equal(code, 0, err)
    assert.match(out, /^The pause is over\.\nNot tracking. INPUT_NO_DISPLAY: /)
    assert.doesNotMatch(out + err, /has resumed/)
    assert.deepEqual(await json('resume'), { paused: false, tracking: false })
  })

  test('settings go through it, those of the computer too, and are in its file', async () => {
    await json('settings', 'set', 'idle_after', '60')
    const folder = join(root, 'elsewhere')
    await json('settings', 'set', 'folder', folder)
    assert.equal((await json('settings', 'get')).idle_after, 60)
    assert.deepEqual((await json('status')).destination, { kind: 'folder', where: folder })
    assert.deepEqual(JSON.parse(await readFile(join(path, 'config.json'), 'utf8')), {
      idle_after: 60,
      folder,
    })
  })

  test('a new recipient is followed at once', async () => {
    const other = JSON.parse((await home().run('keys', 'new', '--json')).out).recipient
    await json('keys', 'add-recipient', other)
    assert.ok((await json('status')).keys.recipients.includes(other))
  })

  test('a screenshot that cannot be taken is an error with its code', async () => {
    const { code, err } = await run('screenshot', '--json')
    assert.equal(JSON.parse(err).error.code, 'CAPTURE_NO_DISPLAY')
    assert.equal(code, errorRows.CAPTURE_NO_DISPLAY.exit)
  })

  test('stop ends it for good; what it delivered can be opened, and tells the story', async () => {
    const { pid } = (await json('status')).agent
    assert.deepEqual(await json('stop'), { stopped: true })
    assert.throws(() => process.kill(pid, 0), /ESRCH/)
    const folders = [join(path, 'delivered'), join(root, 'elsewhere')]
    const listed = await Promise.all(folders.map(folder => readdir(folder, { recursive: true })))
    const files = listed.flatMap((names, n) => names.map(name => join(folders[n] ?? '', name)))
    const { out } = await run(
      'open',
      ...files.filter(name => name.endsWith('.records.ndjson.zst.age')).sort(),
    )
    const kinds = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).kind)
    // Nothing before it, not even that a tracker was started.
    assert.equal(kinds[0], 'consent.given')
    for (const kind of ['paused', 'resumed', 'setting.changed', 'agent.ended'])
      assert.ok(kinds.includes(kind), kind)
  })
})

async function sealFor(recipient: string, bytes: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return encrypter.encrypt(bytes)
}
