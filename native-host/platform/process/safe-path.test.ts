import assert from 'node:assert/strict'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, test } from 'node:test'
import { safeFolders, unsafeFolders, withSafePath } from './safe-path.ts'

const root = mkdtempSync(join(tmpdir(), 'at-'))
after(() => rmSync(root, { recursive: true }))

function folder(name: string, mode = 0o755): string {
  const path = join(root, name)
  mkdirSync(path, { recursive: true })
  chmodSync(path, mode)
  return path
}

const own = folder('own')
const group = folder('group', 0o775)
const open = folder('open', 0o777)
const sticky = folder('sticky', 0o1777)
const inSticky = folder('sticky/own')
const circle = join(root, 'circle')
symlinkSync(circle, circle)
const inOpen = folder('open/own')

test('folders of this user and of the system stay, in their order', () => {
  assert.deepEqual(safeFolders([own, '/usr/bin', group, inSticky, '/bin'].join(delimiter)), [
    own,
    '/usr/bin',
    group,
    inSticky,
    '/bin',
  ])
})

const unsafe: [what: string, folder: string, why: RegExp][] = [
  ['where every user can write', open, /written by other users/],
  ['where every user can write, though none can delete', sticky, /written by other users/],
  ['in a folder out of which every user can move it', inOpen, /moved by other users/],
  ['named from where one stands', 'bin', /not an absolute path/],
  ['where one stands', '', /not an absolute path/],
  ['that cannot be looked at', circle, /cannot be read/],
  ['where one stands, by its dot', '.', /not an absolute path/],
]
for (const [what, path, why] of unsafe)
  test(`one ${what} is passed over`, () => {
    const env = { PATH: [own, path].join(delimiter), HOME: '/h' }
    assert.deepEqual(withSafePath(env), { PATH: own, HOME: '/h' })
    assert.match(unsafeFolders(env.PATH)[0]?.why ?? '', why)
  })

test('one of another user is passed over', { skip: process.getuid?.() !== 0 && 'needs two users' }, () => {
  const theirs = folder('theirs')
  chownSync(theirs, 65_534, 65_534)
  assert.deepEqual(safeFolders([own, theirs].join(delimiter)), [own])
  assert.deepEqual(safeFolders([own, folder('theirs/below')].join(delimiter)), [own])
})

test('where none is left there is no PATH, and not an empty one', () => {
  assert.deepEqual(withSafePath({ PATH: `${open}${delimiter}` }), {})
  assert.deepEqual(withSafePath({ HOME: '/h' }), { HOME: '/h' })
})

test('a folder that is not there is no news', () => {
  assert.deepEqual(unsafeFolders(join(root, 'nothing')), [])
})
