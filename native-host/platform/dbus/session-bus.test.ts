import assert from 'node:assert/strict'
import { test } from 'node:test'
import { busAddresses, socketPaths } from './session-bus.ts'

const addresses: [addresses: string, paths: string[]][] = [
  ['unix:path=/run/user/1000/bus', ['/run/user/1000/bus']],
  ['unix:path=/run/user/1000/bus,guid=abc', ['/run/user/1000/bus']],
  ['unix:guid=abc,path=/tmp/bus', ['/tmp/bus']],
  ['unix:abstract=/tmp/dbus-x', ['\0/tmp/dbus-x']],
  ['unix:path=/tmp/a%20b', ['/tmp/a b']],
  ['tcp:host=localhost,port=1;unix:path=/tmp/bus', ['/tmp/bus']],
  ['tcp:host=localhost,port=1', []],
  ['', []],
]
for (const [given, paths] of addresses)
  test(`the sockets of "${given}"`, () => {
    assert.deepEqual(socketPaths(given), paths)
  })

test('the environment says where the buses are; a folder without a bus is none', () => {
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/a', DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/b' }
  assert.deepEqual(busAddresses(env), { session: 'unix:path=/a', system: 'unix:path=/b' })
  assert.equal(busAddresses({ XDG_RUNTIME_DIR: '/nowhere' }).session, undefined)
})
