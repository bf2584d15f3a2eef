import { execFile } from 'node:child_process'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import sharp from 'sharp'
import * as v from 'valibot'
import { startVirtualDisplay } from '../test/support/virtual-display.ts'
import { type Shots, shotsSchema } from './capture/shots.ts'
import { type Benchmark, type Figure, median } from './figure.ts'

const run = promisify(execFile)
const here = join(import.meta.dirname, 'capture')
const screens: [name: string, width: number, height: number][] = [
  ['1080p', 1920, 1080],
  ['4K', 3840, 2160],
]
/** How often a process is started for one picture, to know what that costs. */
const starts = 6

/**
 * The cost of one screenshot, from the screen to sealed bytes, beside peers that do less. The limits are for
 * the work on a picture, as in a Python that has loaded everything. The cost of a fresh process and of code
 * that the engine has dropped stands beside it, without a limit.
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

/** Kinds of pictures, and the share of the computing time of Python's that ours may take. */
const beside = [
  { name: 'blurred JPEG', ours: 'blurred jpeg', share: 0.5 },
  { name: 'JPEG', ours: 'plain jpeg', share: 1.2 },
  { name: 'WebP', ours: 'plain webp', share: 1.2 },
]
/** Ours and Python's in turn, in another order each time: a computer that does other things too is slow for both. */
const rounds = 5

async function measureScreen(screen: string, env: NodeJS.ProcessEnv): Promise<Figure[]> {
  const figures: Figure[] = []
  const kept = new Map<string, Shots>()
  for (const { name, ours, share } of beside) {
    const [mine, theirs] = await inTurn(
      () => shots(env, `x11 ${ours} often 8`),
      () => python(env, '5', name),
    )
    const measured = joined(mine)
    kept.set(ours, measured)
    add(`${ours}, sealed, every 10 s`, measured)
    if (theirs.length < rounds) continue
    peer(`${name} in Python`, joined(theirs), measured)
    const ratios = mine.map((one, round) => meanOf(one) / meanOf(theirs[round]))
    figures.push({ name: `${screen} ${ours}, of Python’s`, value: median(ratios), unit: '×', limit: share })
  }
  const [blurred, plain] = [kept.get('blurred jpeg'), kept.get('plain jpeg')]
  peer('blurred WebP in Python', await python(env, '5', 'blurred WebP'), blurred)
  peer('blurred PNG in Python', await python(env, '5', 'blurred PNG'), blurred)
  peer('blurred by screenshot-desktop', await shots(env, 'screenshot-desktop blurred jpeg often 4'), blurred)
  peer('the screen alone in C (XShmGetImage)', await floorInC(env), plain)
  // Rare ones start and end a process each time, so they are compared with a Python that does so too.
  add('blurred jpeg, sealed, every 300 s', await shots(env, 'x11 blurred jpeg seldom 6'))
  const started = await shots(env, 'x11 plain jpeg seldom 4')
  add('plain jpeg, sealed, every 300 s, process included', started)
  peer('JPEG in Python, process included', await startPython(env), started)
  return figures

  function add(what: string, measured: Shots | undefined, more: Partial<Figure> = {}): void {
    if (!measured) return
    const wall = mean(measured.wallMs).toFixed(0)
    const name = `${screen} ${what} (${wall} ms, ${Math.round(measured.bytes / 100) / 10} kB)`
    figures.push({ name, value: meanOf(measured), unit: 'CPU ms', ...more })
  }

  function peer(what: string, measured: Shots | undefined, ours: Shots | undefined): void {
    add(`  ${what}`, measured, { ...(ours && { of: meanOf(ours) }) })
  }
}

/** One list for each of them; a peer that is not here has none. */
async function inTurn(
  ours: () => Promise<Shots>,
  theirs: () => Promise<Shots | undefined>,
): Promise<[Shots[], Shots[]]> {
  const mine: Shots[] = []
  const others: Shots[] = []
  const turns = [
    async () => void mine.push(await ours()),
    async () => {
      const measured = await theirs()
      if (measured) others.push(measured)
    },
  ]
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < turns.length; turn++) await turns[(round + turn) % turns.length]?.()
  return [mine, others]
}

function joined(measured: readonly Shots[]): Shots {
  return {
    way: measured[0]?.way ?? '',
    cpuMs: measured.flatMap(({ cpuMs }) => cpuMs),
    wallMs: measured.flatMap(({ wallMs }) => wallMs),
    bytes: measured.at(-1)?.bytes ?? 0,
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

/** The Python of the system, where Debian's package python3-pil puts it. undefined when that is not here. */
async function python(env: NodeJS.ProcessEnv, ...words: string[]): Promise<Shots | undefined> {
  try {
    const { stdout } = await run('/usr/bin/python3', [join(here, 'peer-capture.py'), ...words], { env })
    return parsed(stdout)
  } catch {
    console.error('Pillow is not here to compare with: sudo apt install python3-pil')
    return undefined
  }
}

/** undefined as above. */
async function startPython(env: NodeJS.ProcessEnv): Promise<Shots | undefined> {
  const all: Shots[] = []
  for (let start = 0; start < starts; start++) {
    const begun = performance.now()
    const one = await python(env, 'start', 'JPEG')
    if (!one) return undefined
    all.push({ ...one, wallMs: [performance.now() - begun] })
  }
  return joined(all)
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
