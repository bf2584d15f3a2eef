import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { listMonitors } from '../../native-host/adapters/capture/x-monitors.ts'
import { openWindowProperties } from '../../native-host/adapters/windows/window-properties.ts'
import { lookOnX } from '../../native-host/adapters/windows/x-windows.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { openXSession } from '../../native-host/platform/x11/session.ts'
import { AppError } from '../../protocol/errors.ts'
import { startVirtualDisplay } from '../support/virtual-display.ts'

const [string, wmName] = [31, 39]
const never = new AbortController().signal
const avoid = { applications: [], privateWindows: true }

export const xTrials = {
  async xReply() {
    await using server = await startVirtualDisplay()
    const { most } = budgets.xReply
    const picture = async (width: number, height: number) => {
      using session = await openXSession(server.display, never)
      const { client, root, ask } = session
      const { data } = await ask<{ data: Buffer }>(done =>
        client.GetImage(2, root, 0, 0, width, height, 0xff_ff_ff_ff, done),
      )
      return data.length
    }
    assert.equal(await picture(512, 512), most)
    // Four bytes more: lengths in X count them by fours.
    assert.equal(481 * 545 * 4, most + 4)
    await assert.rejects(picture(481, 545), /display has gone/)
  },

  async xWindows() {
    await using server = await startVirtualDisplay({ width: 64, height: 64 })
    using session = await openXSession(server.display, never)
    const { client, root, ask } = session
    const open = () => client.CreateWindow(client.AllocID(), root, 0, 0, 1, 1, 0, 0, 0, 0, {})
    const { children } = await ask<{ children: number[] }>(done => client.QueryTree(root, done))
    for (let n = children.length; n < budgets.xWindows.most; n++) open()
    await ask(done => client.QueryTree(root, done))
    // On a busy computer a look may take longer than it is given; the number is never what is in the way.
    const look = () => lookOnX(server.display, avoid, never, 60_000)
    const found = await look()
    assert.deepEqual(found, { hidden: [], browsers: [] })
    open()
    await ask(done => client.QueryTree(root, done))
    await assert.rejects(look(), error => {
      assert.ok(error instanceof AppError)
      assert.equal(error.code, 'WINDOWS_UNKNOWN')
      assert.match(String(error.cause), /more than 4096 windows/)
      return true
    })
  },

  async xProperty() {
    await using server = await startVirtualDisplay({ width: 64, height: 64 })
    using session = await openXSession(server.display, never)
    const { client, root, ask } = session
    const window = client.AllocID()
    client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 0, 0, {})
    const properties = await openWindowProperties(session)
    const title = async (bytes: number) => {
      client.ChangeProperty(0, window, wmName, string, 8, Buffer.alloc(bytes, 'x'))
      await ask(done => client.QueryTree(root, done))
      return (await properties.read(window)).names.title.length
    }
    const { most } = budgets.xProperty
    assert.equal(await title(most), most)
    assert.equal(await title(most + 1), most)
  },

  async xMonitors() {
    await using server = await startVirtualDisplay()
    using session = await openXSession(server.display, never)
    const { most } = budgets.xMonitors
    // The first takes the place of the whole screen.
    const add = async (n: number) => {
      const words = ['--setmonitor', `m${n}`, `10/10x10/10+${10 * n}+0`, n === 0 ? 'screen' : 'none']
      await promisify(execFile)('xrandr', ['--display', server.display, ...words])
    }
    for (let n = 0; n < most; n++) await add(n)
    assert.equal((await listMonitors(session, never)).length, most)
    await add(most)
    await assert.rejects(listMonitors(session, never), /names 65 monitors/)
  },
}
