import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { encodeFrame, maxBytesIn, maxDepth } from '../../protocol/framing.ts'
import { defaultSettings } from '../../protocol/settings.ts'
import { helloOfTest, openAgentSocket } from '../support/agent-tap.ts'
import { startAgent, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { filesBelow } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

const hello = encodeFrame(helloOfTest, maxBytesIn)
const frameOf = (body: string | Uint8Array, length = Buffer.byteLength(body)) => {
  const header = Buffer.alloc(4)
  header.writeUInt32LE(length)
  return Buffer.concat([header, Buffer.from(body)])
}

const refusals: [what: string, bytes: Uint8Array[], code: string][] = [
  ['a length of 4 GiB', [frameOf('', 0xffffffff)], 'FRAME_TOO_LARGE'],
  ['one byte more than allowed', [hello, frameOf('x'.repeat(maxBytesIn + 1))], 'FRAME_TOO_LARGE'],
  ['nested too deep', [hello, frameOf('['.repeat(maxDepth + 1))], 'FRAME_MALFORMED'],
  ['nested 30,000 deep', [hello, frameOf('['.repeat(30_000))], 'FRAME_MALFORMED'],
  ['not JSON', [hello, frameOf('<html>')], 'FRAME_MALFORMED'],
  ['not UTF-8', [hello, frameOf(Buffer.from([0x22, 0xff, 0xfe, 0x22]))], 'FRAME_MALFORMED'],
  ['an unknown message', [hello, frameOf('{"type":"record-passwords"}')], 'MESSAGE_INVALID'],
  ['no hello', [frameOf('{"type":"subscribe","live":true}')], 'MESSAGE_INVALID'],
  ['another protocol', [frameOf(JSON.stringify({ ...helloOfTest, protocol: 999 }))], 'PROTOCOL_MISMATCH'],
]

test('malformed frames: each is refused with its reason, said once, and the agent lives', async t => {
  await using stage = await startScenario()
  await startAgent(stage)
  const tap = await stage.tap()
  const { agent } = await tap.status()

  for (const [what, bytes, code] of refusals)
    await t.test(`${what}: ${code}`, async () => {
      const before = await refusalsLogged(stage.home.places.log)
      using client = await openAgentSocket(stage.home.places)
      for (const part of bytes) client.sendBytes(part)
      await waitFor('the connection to be closed', client.ended)
      assert.deepEqual(
        client.messages.filter(message => message.type === 'refused').map(({ problem }) => problem.code),
        [code],
      )
      const said = (await refusalsLogged(stage.home.places.log)).slice(before.length)
      assert.deepEqual(said, [code])
      assert.equal((await tap.status()).agent.pid, agent.pid)
    })

  await t.test('half a frame and then silence delays no other client', async () => {
    using client = await openAgentSocket(stage.home.places)
    client.sendBytes(hello.subarray(0, 7))
    using other = await stage.tap()
    assert.equal((await other.status()).agent.pid, agent.pid)
  })
})

const wrongRequests: [what: string, name: string, value: unknown, code: string][] = [
  ['an unknown setting', 'keylogger', true, 'SETTING_UNKNOWN'],
  ['a name every object has', 'constructor', true, 'SETTING_UNKNOWN'],
  ['a value over its limit', 'screenshot_interval', 3601, 'SETTING_INVALID'],
  ['a value under its limit', 'screenshot_interval', 0, 'SETTING_INVALID'],
  ['a value of another type', 'blur_screenshots', 'yes', 'SETTING_INVALID'],
  ['a choice there is none of', 'scripted_input', 'ignore', 'SETTING_INVALID'],
]

test('wrong settings: each is answered with its reason, and none is taken', async t => {
  await using stage = await startScenario()
  await startAgent(stage)
  const tap = await stage.tap()
  for (const [what, name, value, code] of wrongRequests)
    await t.test(`${what}: ${code}`, async () => {
      const answer = await tap.ask({ type: 'change-setting', name, value })
      assert.equal(answer.type === 'failed' && answer.problem.code, code)
    })
  assert.deepEqual(await tap.settings(), { ...defaultSettings })
})

const brokenConfigs: [what: string, text: string][] = [
  ['cut off', '{ "screenshot_interval": 60, "blur_scr'],
  ['empty', ''],
  ['not an object', '[1, 2, 3]'],
]
for (const [what, text] of brokenConfigs)
  test(`a configuration file that is ${what}: defaults are used, the file is kept, and it is said`, async () => {
    await using stage = await startScenario()
    const { config, home } = stage.home.places
    await mkdir(dirname(config), { recursive: true, mode: 0o700 })
    await writeFile(config, text)
    await startAgent(stage)
    const tap = await stage.tap()
    assert.deepEqual(await tap.settings(), { ...defaultSettings })
    assert.deepEqual(
      (await tap.status()).notices.map(({ code }) => code),
      ['CONFIG_BROKEN'],
    )
    const changed = await tap.ask({ type: 'change-setting', name: 'screenshot_interval', value: 60 })
    assert.equal(changed.type, 'done')
    const kept = [...(await filesBelow(home))].filter(
      ([path, bytes]) => path.includes('config') && bytes.toString() === text,
    )
    assert.equal(kept.length, 1, 'the broken file is still there, unchanged')
  })

test('a flood of messages and of connections does not stop the counting', async () => {
  await using stage = await startScenario()
  const tap = await startTracking(stage)
  const flood = await Promise.all(Array.from({ length: 20 }, () => openAgentSocket(stage.home.places)))
  for (const client of flood) {
    client.sendBytes(hello)
    for (let n = 0; n < 100; n++) client.send({ type: 'subscribe', live: true })
  }
  for (let press = 0; press < 100; press++) stage.input.pressKey(38)
  await stage.input.flush()
  await untilStatus(tap, '100 keys', ({ today }) => today.keys === 100)
  for (const client of flood) client[Symbol.dispose]()
  await untilStatus(tap, 'the flood to be gone', status => status.agent.clients === 1)
})

async function refusalsLogged(log: string): Promise<string[]> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(line => line !== '')
  return lines
    .map(line => JSON.parse(line))
    .filter(({ event }) => event === 'client-refused')
    .map(({ code }) => code)
}
