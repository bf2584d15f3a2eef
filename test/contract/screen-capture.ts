import assert from 'node:assert/strict'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import { readPixels } from '../../native-host/adapters/image/read-pixels.ts'
import type { GrabbedPicture, ScreenCapture } from '../../native-host/screenshots/ports.ts'
import { startWithMount } from '../support/private-mount.ts'

/** A capture, and a screen that can be painted. */
export type CaptureBench = AsyncDisposable & {
  capture: ScreenCapture
  width: number
  height: number
  paint(color: Color): Promise<void>
}
export type Color = { r: number; g: number; b: number }

/** What every ScreenCapture promises. `open` is called once for each row. */
export function screenCaptureContract(name: string, open: () => Promise<CaptureBench>): void {
  const forever = new AbortController().signal
  const colors: Color[] = [
    { r: 200, g: 30, b: 30 },
    { r: 20, g: 60, b: 220 },
  ]

  test(`${name} shows what is on the screen at the time, in full size`, async () => {
    await using bench = await open()
    for (const color of colors) {
      await bench.paint(color)
      using grabbed = await bench.capture.grab('all', forever)
      const [grab, ...others] = grabbed.grabs
      assert.ok(grab)
      assert.equal(others.length, 0)
      assert.equal(grab.display, 1)
      const picture = sharpOf(grab.picture)
      const { width, height } = await picture.metadata()
      assert.deepEqual({ width, height }, { width: bench.width, height: bench.height })
      const seen = await averageColor(picture)
      for (const channel of ['r', 'g', 'b'] as const) {
        assert.ok(
          Math.abs(seen[channel] - color[channel]) < 6,
          `${JSON.stringify(seen)} for ${JSON.stringify(color)}`,
        )
      }
    }
  })

  test(`${name} can take several at once`, async () => {
    await using bench = await open()
    const displays = [1, 2, 3].map(async () => {
      using grabbed = await bench.capture.grab('all', forever)
      return grabbed.grabs.map(grab => grab.display)
    })
    assert.deepEqual(await Promise.all(displays), [[1], [1], [1]])
  })

  test(`${name} ends at once when it is aborted, with the reason`, async () => {
    await using bench = await open()
    const reason = new Error('no longer wanted')
    await assert.rejects(bench.capture.grab('all', AbortSignal.abort(reason)), reason)
    const during = new AbortController()
    const startedAt = performance.now()
    const grabbing = bench.capture.grab('all', during.signal)
    setImmediate(() => during.abort(reason))
    await assert.rejects(grabbing, reason)
    assert.ok(performance.now() - startedAt < 1000)
  })
}

export function sharpOf(picture: GrabbedPicture): Sharp {
  if (picture.form === 'encoded') return sharp(picture.bytes)
  const { width, height } = picture
  return sharp(readPixels(picture), { raw: { width, height, channels: 3 } })
}

export async function averageColor(picture: Sharp): Promise<Color> {
  const { channels } = await picture.stats()
  const [r, g, b] = channels.map(channel => channel.mean)
  return { r: r ?? Number.NaN, g: g ?? Number.NaN, b: b ?? Number.NaN }
}

/** What comes of a screenshot in a process whose /dev/shm is `source`. `fill`: right after the memory was set aside. */
export async function outcomeWith(source: string, env: NodeJS.ProcessEnv, when?: 'fill'): Promise<string> {
  const program = join(import.meta.dirname, '../support/grab-once.ts')
  const words = [process.execPath, '--no-warnings', program, ...(when ? [when] : [])]
  const child = startWithMount({ source, target: '/dev/shm' }, words, {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  assert.ok(child.stdout)
  return (await text(child.stdout)).trim()
}
