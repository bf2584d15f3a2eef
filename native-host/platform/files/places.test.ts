import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { placesOf } from './places.ts'

const homes: [name: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string][] = [
  ['Linux', { HOME: '/home/a' }, 'linux', '/home/a/.local/share/activity-tracker'],
  ['Linux with XDG', { HOME: '/home/a', XDG_DATA_HOME: '/data' }, 'linux', '/data/activity-tracker'],
  [
    'an empty XDG variable',
    { HOME: '/home/a', XDG_DATA_HOME: '' },
    'linux',
    '/home/a/.local/share/activity-tracker',
  ],
  // "All paths must be absolute. […] should consider the path invalid and ignore it." (XDG base directories)
  [
    'a relative XDG path',
    { HOME: '/home/a', XDG_DATA_HOME: 'd' },
    'linux',
    '/home/a/.local/share/activity-tracker',
  ],
  ['macOS', { HOME: '/Users/a' }, 'darwin', '/Users/a/Library/Application Support/Activity Tracker'],
  ['its own variable', { HOME: '/home/a', ACTIVITY_TRACKER_HOME: '/srv/t' }, 'linux', '/srv/t'],
  [
    'its own variable, empty',
    { HOME: '/home/a', ACTIVITY_TRACKER_HOME: '' },
    'linux',
    '/home/a/.local/share/activity-tracker',
  ],
  ['no HOME', {}, 'linux', `${homedir()}/.local/share/activity-tracker`],
]
for (const [name, env, platform, home] of homes)
  test(`${name}: everything lies in ${home}`, () => {
    const places = placesOf(env, platform)
    assert.equal(places.home, home)
    const { socket: _, ...files } = places
    for (const path of Object.values(files)) assert.ok(path.startsWith(home), path)
  })

test('no two things lie in the same place', () => {
  const places = Object.values(placesOf({ HOME: '/home/a' }, 'linux'))
  assert.equal(new Set(places).size, places.length)
})

test('the socket lies in a folder of its own, which no other user may enter', () => {
  const { home, socket } = placesOf({ HOME: '/home/a' }, 'linux')
  assert.equal(socket, `${home}/run/agent.sock`)
})

test('however long the home is, the socket lies in it, and not where another user could be first', () => {
  for (const home of [`/home/${'a'.repeat(100)}`, `/home/${'é'.repeat(50)}`])
    assert.equal(placesOf({ ACTIVITY_TRACKER_HOME: home }, 'linux').socket, `${home}/run/agent.sock`)
})

test('two homes never share a socket', () => {
  const sockets = ['a', 'b'].map(
    letter => placesOf({ ACTIVITY_TRACKER_HOME: `/${letter.repeat(110)}` }).socket,
  )
  assert.notEqual(dirname(sockets[0] ?? ''), dirname(sockets[1] ?? ''))
})

test('on Windows it is a pipe, of the same name for the same home only', () => {
  const [one, same, other] = ['C:\\a', 'C:\\a', 'C:\\b'].map(
    home => placesOf({ ACTIVITY_TRACKER_HOME: home }, 'win32').socket,
  )
  assert.match(one ?? '', /^\\\\\.\\pipe\\activity-tracker-[0-9a-f]{16}$/)
  assert.equal(one, same)
  assert.notEqual(one, other)
})
