import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findPlaces } from '../platform/files/find-places.ts'
import { separateTracker } from './cli-separate.ts'

function makeAccount() {
  const root = mkdtempSync(join(tmpdir(), 'at-'))
  const account = join(root, 'anna')
  mkdirSync(account)
  return {
    root,
    own: join(account, '.local', 'share', 'activity-tracker'),
    separate: (folder: string, env: NodeJS.ProcessEnv = {}) => separateTracker(folder, env, account),
    find: (folder: string) => findPlaces({ env: { ACTIVITY_TRACKER_HOME: folder }, account }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  }
}

test('a new folder is made for this user alone, and the variable leads to it from then on', async () => {
  using it = makeAccount()
  const folder = join(it.root, 'new', 'one')
  const said = { home: folder, own: it.own }
  assert.deepEqual(await it.separate(folder, { ACTIVITY_TRACKER_HOME: folder }), said)
  assert.equal((await it.find(folder)).home, folder)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.deepEqual(await it.separate(folder), said, 'and again')
})

test('one in which a tracker has been keeps what it has, and is closed to others', async () => {
  using it = makeAccount()
  const folder = join(it.root, 'old')
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  for (const name of ['state.db', 'notes.txt']) writeFileSync(join(folder, name), name, { mode: 0o600 })
  await it.separate(folder)
  assert.equal((await it.find(folder)).home, folder)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
})

test('the account’s own folder and one of other things are refused, by any name', async () => {
  using it = makeAccount()
  mkdirSync(it.own, { recursive: true })
  symlinkSync(it.own, join(it.root, 'link'))
  for (const folder of [it.own, join(it.root, 'link')])
    await assert.rejects(it.separate(folder), {
      code: 'USAGE',
      detail: `${it.own} is the folder of your own tracker`,
    })
  await assert.rejects(it.separate(it.root), { code: 'USAGE', detail: /^.* holds other files/ })
})
