import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Figure } from '../../bench/figure.ts'
import { cpuMs, residentMb } from '../../bench/process-cost.ts'
import { createDetector } from '../../native-host/detection/detector.ts'
import { formatRecordingLine, recordingHeader } from '../../native-host/input/recording.ts'
import type { Session } from './recordings.ts'

const fileEvents = 4_000_000

/** What the command makes of a large file, as a process of its own. */
export async function measureCommand(people: readonly Session[]): Promise<Figure[]> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'detect-bench-'))
  const file = join(folder.path, 'large.csv')
  const megabytes = await writeLarge(file, people)
  const root = join(import.meta.dirname, '..', '..')
  const child = spawn(process.execPath, ['native-host/programs/cli.ts', 'detect', file], {
    cwd: root,
    stdio: 'ignore',
  })
  const used = { cpuMs: 0, mb: 0 }
  const watch = setInterval(() => void look(child.pid, used), 50)
  const [code] = await once(child, 'exit')
  clearInterval(watch)
  if (code !== 0) throw new Error(`detect ended with ${code}`)
  return [
    {
      name: `detect, a file of ${megabytes.toFixed(0)} MB, by computing time`,
      value: (1000 * fileEvents) / used.cpuMs,
      unit: 'events/s',
      atLeast: 500_000,
    },
    { name: 'detect, peak memory', value: used.mb, unit: 'MB', limit: 300 },
  ]
}

async function writeLarge(file: string, people: readonly Session[]): Promise<number> {
  const out = createWriteStream(file)
  out.write(`${recordingHeader}\n`)
  let events = 0
  for (let pass = 0; events < fileEvents; pass++)
    for (const session of people) {
      const lines = session.events
        .slice(0, fileEvents - events)
        .map(event => `${formatRecordingLine(`${pass}-${session.name}`, event.at, event)}\n`)
      events += lines.length
      if (!out.write(lines.join(''))) await once(out, 'drain')
    }
  out.end()
  await once(out, 'finish')
  return out.bytesWritten / 1e6
}

async function look(pid: number | undefined, used: { cpuMs: number; mb: number }): Promise<void> {
  if (pid === undefined) return
  try {
    used.cpuMs = Math.max(used.cpuMs, await cpuMs(pid))
    // Of a process that is ending the kernel has no memory to tell.
    used.mb = Math.max(used.mb, (await residentMb(pid)) || 0)
  } catch {
    // It has just ended.
  }
}

/** What a detector keeps after hours of input. */
export function measureState(people: readonly Session[]): Figure {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const events = people.find(session => session.events.length > 20_000)?.events ?? []
  const used = () => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = used()
  const detectors = Array.from({ length: 20 }, () => {
    const detector = createDetector(() => ({ strictness: 'normal', jumpPx: 500 }))
    detector.observe(events)
    return detector
  })
  const value = (used() - before) / detectors.length / 1024
  return { name: 'state of one detector', value, unit: 'KB', limit: 1024 }
}
