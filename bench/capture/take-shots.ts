import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { screenshotDesktop } from '../../native-host/adapters/capture/screenshot-desktop.ts'
import { x11Capture } from '../../native-host/adapters/capture/x11.ts'
import { createImageEditor } from '../../native-host/adapters/image/image-editor.ts'
import { createSealer } from '../../native-host/adapters/seal/seal-age.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import type { EditOptions, ImageEditor, ScreenCapture } from '../../native-host/screenshots/ports.ts'
import type { Shots } from './shots.ts'

/**
 * A process that takes screenshots as the agent does, with the agent's own adapters: captured, blurred or not, encoded
 * and sealed. `often`: everything is kept between them, as for one every ten seconds. `seldom`: as for one every 300 s,
 * when memory and process were given back, and the engine has thrown away what it had compiled.
 */
const [way = '', blur = '', format = 'webp', rhythm = 'often', shots = '10'] = process.argv.slice(2)
/** What is installed: reading the sources takes a process longer to start. */
const folder = join(import.meta.dirname, '../../dist/native-host')
const forever = new AbortController().signal
const options: EditOptions = {
  scalePercent: 100,
  quality: 75,
  blur: blur === 'blurred',
  format: format === 'jpeg' ? 'jpeg' : 'webp',
  scale: 1,
}
const sealer = createSealer(createSignal([await identityToRecipient(await generateX25519Identity())]))
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const capture = openCapture()
let image = openEditor()
const result: Shots = { way, cpuMs: [], wallMs: [], bytes: 0 }
// The first ones load modules and warm up, which happens once in the life of an agent.
const warmUp = 3
for (let shot = -warmUp; shot < Number(shots); shot++) {
  if (rhythm === 'seldom') {
    await sleep(700)
    image = openEditor()
    for (let round = 0; round < 12; round++) collect()
  }
  const before = await cpuMs()
  const begun = performance.now()
  result.bytes = await take(image)
  const wallMs = performance.now() - begun
  if (rhythm === 'seldom') await sleep(700)
  if (shot < 0) continue
  result.cpuMs.push((await cpuMs()) - before)
  result.wallMs.push(wallMs)
}
console.log(JSON.stringify(result))
process.exit()

function openCapture(): ScreenCapture {
  const means = { env: process.env, grabProgram: join(folder, 'screen-grab.js') }
  if (way === 'screenshot-desktop') return screenshotDesktop(means)
  return x11Capture(means, { keepForMs: rhythm === 'seldom' ? 100 : 30_000 })
}

function openEditor(): ImageEditor {
  return createImageEditor(join(folder, 'picture-edit.js'))
}

async function take(image: ImageEditor): Promise<number> {
  using grabbed = await capture.grab('all', forever)
  let bytes = 0
  for (const { picture } of grabbed.grabs) {
    const { bytes: encoded } = await image.encode(picture, options)
    bytes += (await sealer.seal(encoded)).length
  }
  return bytes
}

/** Of this process, of those that it started and that have ended, and of those that still run. */
async function cpuMs(): Promise<number> {
  const { user, system } = process.cpuUsage()
  const ended = (await statOf(process.pid)).slice(2, 4)
  const running = await Promise.all((await children()).map(async pid => (await statOf(pid)).slice(0, 4)))
  const ticks = [...ended, ...running.flat()].reduce((sum, value) => sum + value, 0)
  return (user + system) / 1000 + ticks * 10
}

/** proc(5): utime, stime, cutime and cstime, in hundredths of a second. */
async function statOf(pid: number): Promise<number[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
}

async function children(): Promise<number[]> {
  const tasks = await readdir('/proc/self/task')
  const lists = await Promise.all(
    tasks.map(task => readFile(`/proc/self/task/${task}/children`, 'utf8').catch(() => '')),
  )
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number))
}
