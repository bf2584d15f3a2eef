import assert from 'node:assert/strict'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { listOutputs } from '../../native-host/adapters/capture/wayland-outputs.ts'
import { watchWayland } from '../../native-host/adapters/presence/wayland-idle.ts'
import { neverRemembers } from '../../native-host/adapters/windows/firefox-profile.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { decodeMessage, encodeCall } from '../../native-host/platform/dbus/message.ts'
import { readValues, writeValues } from '../../native-host/platform/dbus/values.ts'
import { readKernelFile } from '../../native-host/platform/files/read-within.ts'
import { decodeWayland, encodeWayland } from '../../native-host/platform/wayland/messages.ts'
import { withFile } from './files.ts'

const call = { destination: 'a.b', path: '/', interface: 'a.b', member: 'M', signature: 's' }

export const desktopTrials = {
  dbusMessage() {
    const { most } = budgets.dbusMessage
    const around = encodeCall(1, { ...call, body: [''] }).length
    const message = (length: number) => encodeCall(1, { ...call, body: ['x'.repeat(length - around)] })
    assert.equal(decodeMessage(message(most))?.length, most)
    // Refused when its header is there, before the rest has come.
    assert.throws(() => decodeMessage(message(most + 1).subarray(0, 16)), RangeError)
  },
  dbusArray() {
    const { most } = budgets.dbusArray
    const array = (length: number) => Buffer.concat([writeValues('u', [length]), Buffer.alloc(length)])
    assert.equal(Array.isArray(readValues('ay', array(most)).values[0]), true)
    assert.throws(() => readValues('ay', array(most + 1)), RangeError)
  },
  dbusDepth() {
    const { most } = budgets.dbusDepth
    const variants = (count: number) =>
      Buffer.concat([
        ...Array.from({ length: count - 1 }, () => Buffer.from([1, 0x76, 0])),
        Buffer.from([1, 0x79, 0, 5]),
      ])
    assert.deepEqual(readValues('v', variants(most)).values, [5])
    assert.throws(() => readValues('v', variants(most + 1)), RangeError)
  },
  waylandMessage() {
    const { most } = budgets.waylandMessage
    const message = (length: number) => {
      const bytes = Buffer.alloc(length)
      bytes.writeUInt32LE((length << 16) >>> 0, 4)
      return bytes
    }
    assert.equal(decodeWayland(message(most)).messages.length, 1)
    // Refused when its length is there, before the rest has come.
    assert.throws(() => decodeWayland(message(most + 1).subarray(0, 8)), RangeError)
  },
  async waylandGlobals() {
    const { most } = budgets.waylandGlobals
    await withCompositor(most, async path => {
      await assert.rejects(listOutputs(path, never), /where its outputs are/)
      await assert.rejects(
        watchWayland(path, () => undefined, 1000, never),
        /does not tell/,
      )
    })
    await withCompositor(most + 1, async path => {
      await assert.rejects(listOutputs(path, never), /offers too much/)
      await assert.rejects(
        watchWayland(path, () => undefined, 1000, never),
        /offers too much/,
      )
    })
  },
  browserFile: () => {
    const line = 'user_pref("browser.privatebrowsing.autostart", true);'
    return withFile('', async path => {
      const profile = dirname(path)
      const preferences = join(profile, 'prefs.js')
      const room = ' '.repeat(budgets.browserFile.most - line.length)
      await writeFile(preferences, `${room}${line}`)
      assert.equal(neverRemembers(profile), true)
      await writeFile(preferences, `${room} ${line}`)
      assert.equal(neverRemembers(profile), false)
      await rm(preferences)
    })
  },
  kernelFile: () =>
    withFile('x'.repeat(budgets.kernelFile.most), async path => {
      assert.equal(readKernelFile(path).length, budgets.kernelFile.most)
      await appendFile(path, 'x')
      assert.equal(readKernelFile(path).length, budgets.kernelFile.most)
    }),
}

const never = new AbortController().signal

/** One that offers so much, says that this is all, and has nothing of what is looked for. */
async function withCompositor(offers: number, look: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const said = Buffer.concat([
    ...Array.from({ length: offers }, (_, n) => encodeWayland(2, 0, n, `nothing_${n}`, 1)),
    encodeWayland(3, 0, 0),
  ])
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(said))
  }).listen(join(folder, 'wayland'))
  try {
    await once(server, 'listening')
    await look(join(folder, 'wayland'))
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
}
