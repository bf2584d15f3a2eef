import { execFile } from 'node:child_process'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import * as v from 'valibot'
import { startVirtualDisplay } from '../test/support/virtual-display.ts'
import { type Shots, shotsSchema } from './capture/shots.ts'
import type { Benchmark, Figure } from './figure.ts'

const run = promisify(execFile)
const here = join(import.meta.dirname, 'capture')
const screens: [name: string, width: number, height: number][] = [
  ['1080p', 1920, 1080],
  ['4K', 3840, 2160],
]
/** How often a process is started for one picture, to know what that costs. */
const starts = 6

/**
 * What one screenshot costs, from the screen to sealed bytes, beside others that do less. The limits are for the work on
 * a picture, as in a Python that has loaded everything. What is paid for not being in memory between seldom ones stands
 * beside it without one: a process that is started for it, and code that the engine has thrown away, all of it each time.
 */
const capture: Benchmark = {
  what: 'screenshots of 1080p and 4K, by us, in C, by screenshot-desktop and in Python',
  async measure() {
    const figures: Figure[] = []
    for (const [name, width, height] of screens) {
      await using display = await startVirtualDisplay({ width, height })
      await paintDesk(width, height, display.env)
      figures.push(...(await measureScreen(name, display.env)))
    }
    return figures
  },
}
export default capture

async function measureScreen(screen: string, env: NodeJS.ProcessEnv): Promise<Figure[]> {
  const python = await peersInPython(env)
  const blurred = meanOf(python.get('blurred JPEG'))
  const plain = meanOf(python.get('JPEG'))
  const figures: Figure[] = []
  const [ours, seldom] = [
    await shots(env, 'x11 blurred jpeg often 20'),
    await shots(env, 'x11 blurred jpeg seldom 6'),
  ]
  add('blurred JPEG, sealed, every 10 s', ours, { limit: 0.5 * blurred })
  add('blurred JPEG, sealed, every 300 s', seldom)
  peer('blurred JPEG in Python', python.get('blurred JPEG'), ours)
  peer('blurred WebP in Python', python.get('blurred WebP'), ours)
  peer('blurred PNG in Python', python.get('blurred PNG'), ours)
  peer('blurred by screenshot-desktop', await shots(env, 'screenshot-desktop blurred jpeg often 4'), ours)
  const jpeg = await shots(env, 'x11 plain jpeg often 20')
  add('plain JPEG, sealed, every 10 s', jpeg, { limit: 1.2 * plain })
  peer('plain JPEG in Python', python.get('JPEG'), jpeg)
  // A process is started for it and given back after it, so it is held against one of Python that is, too.
  const [started, startedInPython] = [await shots(env, 'x11 plain jpeg seldom 4'), await startPython(env)]
  add('plain JPEG, sealed, every 300 s, process included', started)
  peer('plain JPEG in Python, process included', startedInPython, started)
  const webp = await shots(env, 'x11 plain webp often 20')
  add('plain WebP, sealed, every 10 s', webp, { limit: 1.2 * meanOf(python.get('WebP')) })
  peer('plain WebP in Python', python.get('WebP'), webp)
  peer('the screen alone in C (XShmGetImage)', await floorInC(env), ours)
  return figures

  function add(what: string, measured: Shots | undefined, more: Partial<Figure> = {}): void {
    if (!measured) return
    const wall = mean(measured.wallMs).toFixed(0)
    const name = `${screen} ${what} (${wall} ms, ${Math.round(measured.bytes / 100) / 10} kB)`
    figures.push({ name, value: meanOf(measured), unit: 'CPU ms', ...more })
  }

  function peer(what: string, measured: Shots | undefined, ours: Shots): void {
    add(`  ${what}`, measured, { of: meanOf(ours) })
  }
}

/** Text, as on most screens, and a picture with some noise beside it. */
async function paintDesk(width: number, height: number, env: NodeJS.ProcessEnv): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'desk-'))
  const file = join(folder.path, 'desk.png')
  const line = 'The quick brown fox jumps over the lazy dog, and what it leaves behind is text. '
  const lines = Array.from(
    { length: Math.floor(height / 22) },
    (_, index) => `<text x="20" y="${22 * (index + 1)}">${line.repeat(3).slice(index % 9)}</text>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fdfdfb"/><g font-family="DejaVu Sans" font-size="15" fill="#222">${lines.join('')}</g></svg>`
  const photo = await sharp({
    create: {
      width: width >> 2,
      height: height >> 1,
      channels: 3,
      background: '#456',
      noise: { type: 'gaussian', mean: 120, sigma: 30 },
    },
  })
    .blur(2)
    .png()
    .toBuffer()
  await sharp(Buffer.from(svg))
    .composite([{ input: photo, left: (width * 5) >> 3, top: height >> 2 }])
    .png()
    .toFile(file)
  // It says 1 although it has painted.
  await run('display', ['-window', 'root', file], { env }).catch(() => undefined)
}

async function shots(env: NodeJS.ProcessEnv, words: string): Promise<Shots> {
  const { stdout } = await run(process.execPath, [join(here, 'take-shots.ts'), ...words.split(' ')], { env })
  return parsed(stdout)
}

/** The Python of the system, where Debian's package python3-pil puts it. */
async function peersInPython(env: NodeJS.ProcessEnv): Promise<Map<string, Shots>> {
  try {
    const { stdout } = await run('/usr/bin/python3', [join(here, 'peer-capture.py'), '8'], { env })
    return new Map(
      stdout
        .trim()
        .split('\n')
        .map(line => [parsed(line).way, parsed(line)]),
    )
  } catch {
    console.error('Pillow is not here to compare with: sudo apt install python3-pil')
    return new Map()
  }
}

/** undefined as above. */
async function startPython(env: NodeJS.ProcessEnv): Promise<Shots | undefined> {
  const all: Shots = { way: 'JPEG', cpuMs: [], wallMs: [], bytes: 0 }
  try {
    for (let start = 0; start < starts; start++) {
      const begun = performance.now()
      const { stdout } = await run('/usr/bin/python3', [join(here, 'peer-capture.py'), '1', 'JPEG'], { env })
      const one = parsed(stdout)
      all.cpuMs.push(...one.cpuMs)
      all.wallMs.push(performance.now() - begun)
      all.bytes = one.bytes
    }
    return all
  } catch {
    return undefined
  }
}

async function floorInC(env: NodeJS.ProcessEnv): Promise<Shots | undefined> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'floor-'))
  const program = join(folder.path, 'floor')
  try {
    await run('gcc', ['-O2', '-o', program, join(here, 'floor.c'), '-lX11', '-lXext'])
  } catch {
    console.error('No C compiler with X headers: sudo apt install gcc libx11-dev libxext-dev')
    return undefined
  }
  return parsed((await run(program, ['20'], { env })).stdout)
}

function parsed(line: string): Shots {
  return v.parse(shotsSchema, JSON.parse(line))
}

/** Not the median: hundredths of a second are all that is known of processes that have ended. */
function meanOf(measured: Shots | undefined): number {
  return mean(measured?.cpuMs ?? [])
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
