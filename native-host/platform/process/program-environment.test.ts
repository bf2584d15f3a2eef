import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { environmentOf, obeyedByNode, type ProgramName, programEnvironments } from './program-environment.ts'

const programs = Object.keys(programEnvironments).filter(
  (name): name is ProgramName => name in programEnvironments,
)
const hostile = {
  NODE_OPTIONS: '--inspect',
  NODE_EXTRA_CA_CERTS: '/tmp/ca.pem',
  LD_PRELOAD: '/tmp/x.so',
  DYLD_INSERT_LIBRARIES: '/tmp/x.dylib',
  OPENSSL_CONF: '/tmp/openssl.cnf',
  BASH_ENV: '/tmp/x.sh',
  PYTHONSTARTUP: '/tmp/x.py',
  MAGICK_CONFIGURE_PATH: '/tmp',
  GITHUB_TOKEN: 'secret',
}

describe('for any request of the environment', () => {
  for (const program of programs)
    test(`${program} starts without it`, () => {
      assert.deepEqual(environmentOf(program, { ...hostile, HOME: '/home/a' }), { HOME: '/home/a' })
    })
})

test('credentials reach those alone that deliver', () => {
  const secret = { AWS_SECRET_ACCESS_KEY: 'x', HTTPS_PROXY: 'http://user:password@proxy' }
  const reached = programs.filter(program => Object.keys(environmentOf(program, secret)).length > 0)
  assert.deepEqual(reached, ['bridge', 'command-line', 'agent', 'credential-process'])
})

test('the hook knows its display and nothing of where the tracker keeps things', () => {
  const env = { DISPLAY: ':1', XAUTHORITY: '/x', ACTIVITY_TRACKER_HOME: '/t', SSH_AUTH_SOCK: '/s' }
  assert.deepEqual(environmentOf('input-hook', env), { DISPLAY: ':1', XAUTHORITY: '/x' })
})

test('what tells the kind of computer knows neither a display nor a session', () => {
  const env = {
    PATH: '/bin',
    XDG_CURRENT_DESKTOP: 'GNOME',
    DISPLAY: ':1',
    XAUTHORITY: '/x',
    XDG_DATA_HOME: '/d',
  }
  assert.deepEqual(environmentOf('computer-facts', env), { PATH: '/bin', XDG_CURRENT_DESKTOP: 'GNOME' })
})

test('everything that the agent hands on reaches it first', () => {
  for (const program of ['bridge', 'command-line'] as const)
    assert.deepEqual(
      programEnvironments.agent.filter(name => !programEnvironments[program].includes(name)),
      [],
    )
  for (const program of programs)
    if (program !== 'command-line')
      assert.deepEqual(
        programEnvironments[program].filter(name => !programEnvironments.agent.includes(name)),
        [],
      )
})

test('what Node obeys is named, and what its test runner says is left out', () => {
  const env = { NODE_OPTIONS: '', NODE_PATH: '/x', NODE_TEST_CONTEXT: 'child', NODE: '/bin/node', HOME: '/' }
  assert.deepEqual(obeyedByNode(env), ['NODE_OPTIONS', 'NODE_PATH'])
})
