import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { accountHome, findPlaces, ownTrackerBeside, pointerOf, removePointer } from './find-places.ts'
import { placesOf } from './places.ts'
import { makeSeparate } from './separate-tracker.ts'

function makeAccount() {
  const root = mkdtempSync(join(tmpdir(), 'at-'))
  const account = join(root, 'anna')
  mkdirSync(account)
  return {
    root,
    account,
    usual: join(account, '.local', 'share', 'activity-tracker'),
    homeWith: async (env: NodeJS.ProcessEnv) => (await findPlaces({ env, account })).home,
    name(folder: string) {
      mkdirSync(dirname(pointerOf(account)), { recursive: true })
      writeFileSync(pointerOf(account), folder)
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  }
}

describe('one person has one tracker, in every environment of a shell', () => {
  const environments: [string, NodeJS.ProcessEnv][] = [
    ['nothing', {}],
    ['another HOME', { HOME: '/somewhere' }],
    ['an XDG_DATA_HOME of one shell', { XDG_DATA_HOME: '/somewhere' }],
    ['both', { HOME: '/somewhere', XDG_DATA_HOME: '/elsewhere' }],
  ]
  for (const [what, env] of environments)
    test(what, async () => {
      using it = makeAccount()
      assert.equal(await it.homeWith(env), it.usual)
      it.name(`${it.root}/disk/tracker\n`)
      assert.equal(await it.homeWith(env), join(it.root, 'disk', 'tracker'))
    })

  test('records that lie where an earlier release looked are found by all from then on', async () => {
    using it = makeAccount()
    const data = join(it.root, 'data')
    mkdirSync(join(data, 'activity-tracker'), { recursive: true })
    assert.equal(await it.homeWith({ XDG_DATA_HOME: data }), it.usual, 'an empty folder is no tracker')
    writeFileSync(join(data, 'activity-tracker', 'state.db'), '')
    assert.equal(await it.homeWith({ XDG_DATA_HOME: data }), join(data, 'activity-tracker'))
    assert.equal(readFileSync(pointerOf(it.account), 'utf8'), `${data}/activity-tracker\n`)
    assert.equal(await it.homeWith({}), join(data, 'activity-tracker'))
  })

  test('the tracker of the account counts, where another shell has one too', async () => {
    using it = makeAccount()
    const data = join(it.root, 'data')
    for (const home of [it.usual, join(data, 'activity-tracker')]) {
      mkdirSync(home, { recursive: true })
      writeFileSync(join(home, 'state.db'), '')
    }
    assert.equal(await it.homeWith({ XDG_DATA_HOME: data }), it.usual)
  })

  test('a file that names none, or that is a link, is refused', async () => {
    using it = makeAccount()
    it.name('tracker')
    await assert.rejects(it.homeWith({}), { code: 'FILE_UNREADABLE' })
    rmSync(pointerOf(it.account))
    symlinkSync('/etc/hostname', pointerOf(it.account))
    await assert.rejects(it.homeWith({}), { code: 'PLACE_NOT_SAFE' })
  })

  test('a HOME of one shell is not asked while the system lists the account', async () => {
    using it = makeAccount()
    assert.equal(accountHome({ HOME: it.account }), userInfo().homedir)
    assert.notEqual((await findPlaces({ env: { HOME: it.account } })).home, it.usual)
  })

  test('a variable alone leads to no second tracker, whether the account has one yet or not', async () => {
    using it = makeAccount()
    const other = join(it.root, 'other')
    const refusal = { code: 'SECOND_TRACKER', detail: `it names ${other}, and yours is ${it.usual}` }
    const env = { ACTIVITY_TRACKER_HOME: other }
    await assert.rejects(it.homeWith(env), refusal, 'neither is there')
    for (const home of [other, it.usual]) {
      mkdirSync(home, { recursive: true })
      writeFileSync(join(home, 'state.db'), '')
      await assert.rejects(it.homeWith(env), refusal, `${home} is a tracker`)
    }
    it.name('/srv/t\n')
    await assert.rejects(it.homeWith(env), { detail: `it names ${other}, and yours is /srv/t` })
  })

  test('it leads to the account’s own, by any name of it', async () => {
    using it = makeAccount()
    assert.equal(
      await it.homeWith({ ACTIVITY_TRACKER_HOME: `${it.usual}/.` }),
      it.usual,
      'before it is there',
    )
    mkdirSync(it.usual, { recursive: true })
    symlinkSync(it.usual, join(it.root, 'link'))
    assert.equal(await it.homeWith({ ACTIVITY_TRACKER_HOME: join(it.root, 'link') }), it.usual)
    it.name('/srv/t\n')
    assert.equal(await it.homeWith({ ACTIVITY_TRACKER_HOME: '/srv/t' }), '/srv/t')
  })

  test('and to a folder that the person made one of a second tracker, whose mark no other user could make', async () => {
    using it = makeAccount()
    const other = placesOf({ ACTIVITY_TRACKER_HOME: join(it.root, 'other') })
    const env = { ACTIVITY_TRACKER_HOME: other.home }
    await makeSeparate(other)
    assert.equal(await it.homeWith(env), other.home)
    assert.equal(await it.homeWith({}), it.usual, 'which changes nothing without the variable')
    for (const plant of [
      () => chmodSync(other.separateMark, 0o666),
      () => {
        rmSync(other.separateMark)
        symlinkSync('/etc/hostname', other.separateMark)
      },
    ]) {
      plant()
      await assert.rejects(it.homeWith(env), { code: 'PLACE_NOT_SAFE' })
    }
  })

  test('a folder for local data that one environment names is not asked on Windows either', async () => {
    using it = makeAccount()
    const env = { LOCALAPPDATA: join(it.root, 'data') }
    const { home } = await findPlaces({ env, account: it.account, platform: 'win32' })
    assert.equal(home, join(it.account, 'AppData', 'Local', 'Activity Tracker'))
  })

  test('a second tracker is known beside the account’s own', async () => {
    using it = makeAccount()
    const other = join(it.root, 'other')
    const env = { ACTIVITY_TRACKER_HOME: other, XDG_DATA_HOME: '/elsewhere' }
    const beside = () => ownTrackerBeside({ home: other }, { env, account: it.account })
    mkdirSync(other)
    assert.equal(beside(), undefined, 'the account has none')
    mkdirSync(it.usual, { recursive: true })
    writeFileSync(join(it.usual, 'state.db'), '')
    assert.equal(beside(), it.usual)
    assert.equal(ownTrackerBeside({ home: it.usual }, { env: {}, account: it.account }), undefined)
    rmSync(other, { recursive: true })
    symlinkSync(it.usual, other)
    assert.equal(beside(), undefined, 'it is the same one by another name')
    rmSync(other)
    mkdirSync(other)
    writeFileSync(join(other, 'state.db'), '')
    it.name(`${other}\n`)
    assert.equal(beside(), undefined, 'it is the one that the account names')
  })

  test('the file that names a folder goes with that folder alone', async () => {
    using it = makeAccount()
    const { account } = it
    await removePointer('/srv/t', { env: {}, account })
    it.name('/srv/t\n')
    await removePointer('/srv/other', { env: {}, account })
    assert.equal(await it.homeWith({}), '/srv/t')
    await removePointer('/srv/t', { env: {}, account })
    assert.equal(existsSync(dirname(pointerOf(account))), false)
  })
})

describe('a user whom the system does not list', { skip: process.getuid?.() !== 0 && 'needs root' }, () => {
  const said = async (env: Record<string, string>, uid = '54321') => {
    const source = join(import.meta.dirname, 'find-places.ts')
    const program = `const { findPlaces } = await import(${JSON.stringify(source)})
      const places = await findPlaces({ env: process.env }).catch(error => ({ home: error.code }))
      console.log(places.home)`
    const words = [
      '--reuid',
      uid,
      '--regid',
      uid,
      '--clear-groups',
      process.execPath,
      '--no-warnings',
      '-e',
      program,
    ]
    return (
      await promisify(execFile)('setpriv', words, { env: { PATH: '/usr/bin:/bin', ...env } })
    ).stdout.trim()
  }

  test('has the home that the environment names, if it is theirs', async () => {
    using it = makeAccount()
    await promisify(execFile)('chmod', ['755', it.root])
    await promisify(execFile)('chown', ['54321', it.account])
    assert.equal(await said({ HOME: it.account }), it.usual)
    assert.equal(await said({ HOME: it.account }, '54322'), 'ACCOUNT_UNKNOWN')
  })

  test('without one gets an error that says so', async () => {
    assert.equal(await said({}), 'ACCOUNT_UNKNOWN')
    assert.equal(await said({ HOME: '/' }), 'ACCOUNT_UNKNOWN')
    assert.equal(await said({ HOME: 'here' }), 'ACCOUNT_UNKNOWN')
  })
})
