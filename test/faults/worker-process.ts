import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import * as v from 'valibot'
import { build } from 'vite'
import { isFileError } from '../../native-host/platform/files/store-error.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'
import { type Report, reportSchema, type Task } from './worker-task.ts'

/** A program under test that has loaded everything and waits for its task. */
export type Worker = {
  pid: number
  /** The thread of JavaScript and SQLite, and the one of node:fs. */
  threads: { main: number; files: number }
  begin(task: Task): void
  /** Resolves once it has said this. Rejects when it ends first. */
  said(what: Report['says']): Promise<void>
  /** All that it said, also while it is still at it. */
  reports: readonly Report[]
  kill(): void
  /** Resolves once it has ended and everything it said has been read. Stuck: it had to be ended. */
  ended: Promise<End>
}

export type End = 'killed' | 'done' | 'failed' | 'stuck'

/** No task takes a worker a tenth of this. */
const patienceMs = 20_000

export type WorkerSource = AsyncDisposable & { take(): Promise<Worker> }

/** Workers, each started before it is asked for: loading takes longer than most of what they do. */
export function workerSource({ ahead, arguments: words = [] }: Source): WorkerSource {
  const waiting: Promise<Worker>[] = []
  const alive = new Set<Worker>()
  let ended = false

  return {
    async take() {
      while (waiting.length <= ahead) {
        const starting = startWorker(words)
        // The reader that takes it gets the error.
        starting.catch(() => undefined)
        waiting.push(starting)
      }
      const worker = await waiting.shift()
      if (!worker) throw new Error('no worker')
      alive.add(worker)
      void worker.ended.then(() => alive.delete(worker))
      return worker
    },
    async [Symbol.asyncDispose]() {
      if (ended) return
      ended = true
      for (const worker of [...alive, ...(await Promise.all(waiting))]) {
        worker.kill()
        await worker.ended
      }
    },
  }
}

type Source = { ahead: number; arguments?: string[] }

let bundled: Promise<string> | undefined

/** One file, as the tracker's programs are installed: the hundreds that it is made of take twice as long to load. */
async function bundleWorker(): Promise<string> {
  const outDir = await makeTemporaryFolder()
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: join(import.meta.dirname, 'worker.ts'),
      target: 'node26',
      outDir,
      emptyOutDir: true,
      minify: false,
    },
    ssr: { noExternal: true, external: ['@napi-rs/keyring'] },
  })
  return join(outDir, 'worker.js')
}

async function startWorker(words: string[]): Promise<Worker> {
  bundled ??= bundleWorker()
  const program = await bundled
  const child = spawn(process.execPath, ['--no-warnings', program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // One thread for files, so that "its N-th system call" is the same one in every run.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  const { stdout, stderr } = child
  const tasks = child.stdio[3]
  if (!stdout || !stderr || !(tasks instanceof Writable)) throw new Error('a worker without its pipes')
  const reports: Report[] = []
  let complaint = ''
  stderr.setEncoding('utf8').on('data', text => {
    complaint = (complaint + text).slice(-2000)
  })
  // A worker that is killed before it has read its task.
  tasks.on('error', () => undefined)
  const lines = createInterface({ input: stdout })
  const listeners = new Set<() => void>()
  lines.on('line', line => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), reportSchema), line)
    // Killed in the middle of a line, it has not said it.
    if (!parsed.success) return
    reports.push(parsed.output)
    for (const listener of listeners) listener()
  })
  let patience: NodeJS.Timeout | undefined
  let stuck = false
  const ended = endOf(child, lines).then(end => {
    clearTimeout(patience)
    return stuck ? 'stuck' : end
  })
  await said('ready')
  const { pid } = child
  if (pid === undefined) throw new Error('the program under test has no process')
  return {
    pid,
    threads: { main: pid, files: fileThreadOf(pid) },
    reports,
    begin(task) {
      tasks.write(`${JSON.stringify(task)}\n`)
      patience = setTimeout(() => {
        stuck = true
        child.kill('SIGKILL')
      }, patienceMs)
    },
    said,
    kill: () => void child.kill('SIGKILL'),
    ended,
  }

  function said(what: Report['says']): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      if (reports.some(({ says }) => says === what)) resolve()
    }
    listeners.add(look)
    look()
    void ended.then(() => reject(new Error(`it ended before it said "${what}": ${complaint}`)))
    return promise.finally(() => listeners.delete(look))
  }
}

async function endOf(child: ChildProcess, lines: NodeJS.EventEmitter): Promise<End> {
  const [[code, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')])
  if (signal === 'SIGKILL') return 'killed'
  return code === 0 ? 'done' : 'failed'
}

function fileThreadOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const found = threads.filter(thread => nameOf(`/proc/${pid}/task/${thread}`).startsWith('libuv-worker'))
  const [thread] = found
  if (thread === undefined || found.length !== 1) throw new Error(`${found.length} threads for files`)
  return Number(thread)
}

/** Empty for a thread that has ended since it was listed. */
function nameOf(thread: string): string {
  try {
    return readFileSync(`${thread}/comm`, 'utf8')
  } catch (error) {
    if (isFileError(error, 'ENOENT') || isFileError(error, 'ESRCH')) return ''
    throw error
  }
}
