import assert from 'node:assert/strict'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { test } from 'node:test'
import type { ObservedFailure } from '../../network/upload-failure.ts'
import { seenInError, timedOut } from './network-error.ts'

const nodeError = (fields: Record<string, unknown>) => Object.assign(new Error('x'), fields)
const code = (code: string): ObservedFailure => ({ kind: 'code', code })

const rows: [name: string, error: unknown, seen: ObservedFailure | undefined][] = [
  ['a refusal', nodeError({ code: 'ECONNREFUSED', syscall: 'connect' }), code('ECONNREFUSED')],
  [
    'a proxy’s refusal',
    nodeError({ code: 'ERR_PROXY_TUNNEL', statusCode: 407 }),
    { kind: 'tunnel', status: 407 },
  ],
  ['a proxy that hung up', nodeError({ code: 'ERR_PROXY_TUNNEL' }), code('ERR_PROXY_TUNNEL')],
  [
    'the system’s own deadline',
    nodeError({ code: 'ETIMEDOUT', syscall: 'connect' }),
    { kind: 'timeout', waitingFor: 'connection' },
  ],
  [
    'a connection that died',
    nodeError({ code: 'ETIMEDOUT', syscall: 'write' }),
    { kind: 'timeout', waitingFor: 'answer' },
  ],
  ['our deadline for a name', timedOut('getaddrinfo'), { kind: 'timeout', waitingFor: 'name' }],
  ['our deadline for a tunnel', timedOut('CONNECT'), { kind: 'timeout', waitingFor: 'tunnel' }],
  [
    'two addresses, to one of which there is no way',
    new AggregateError([nodeError({ code: 'ENETUNREACH' }), nodeError({ code: 'ECONNREFUSED' })]),
    code('ECONNREFUSED'),
  ],
  [
    'two addresses without a way',
    new AggregateError([nodeError({ code: 'ENETUNREACH' })]),
    code('ENETUNREACH'),
  ],
  ['an error of something else', new TypeError('x'), undefined],
  ['no error', undefined, undefined],
]
for (const [name, error, seen] of rows) {
  test(`${name}: ${JSON.stringify(seen)}`, () => assert.deepEqual(seenInError(error), seen))
}

test('Node’s own errors have this form', async () => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  const socket = connect(port, '127.0.0.1')
  const [error] = await once(socket, 'error')
  assert.deepEqual(seenInError(error), code('ECONNREFUSED'))

  // RFC 6761: no such name exists, for any name server.
  const unknown = await lookup('nowhere.invalid').catch((error: unknown) => error)
  assert.match(JSON.stringify(seenInError(unknown)), /ENOTFOUND|EAI_AGAIN/)
})
