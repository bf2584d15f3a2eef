import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts'
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
  /** Ends it without a task. */
  dismiss(): Promise<unknown>
  /** Resolves once it has ended and everything it said has been read. Stuck: it had to be ended. */
  ended: Promise<End>
}

export type End = 'killed' | 'done' | 'failed' | 'stuck'

/** No task takes a worker a tenth of this. */
const patienceMs = 20_000

export type WorkerSource = AsyncDisposable & { take(): Promise<Worker> }

/** Workers, each started before it is asked for: loading takes longer than most of what they do. */
export function workerSource({ ahead, arguments: words = [] }: Source): WorkerSource {
  // Halves the time of a start, and there are thousands.
  const compiled = makeTemporaryFolder()
  /** One that ends by itself writes down what it has compiled; one that is killed does not. */
  const warm = compiled.then(folder => startWorker(words, folder)).then(worker => worker.dismiss())
  const waiting: Promise<Worker>[] = []
  const alive = new Set<Worker>()
  let ended = false

  return {
    async take() {
      await warm
      while (waiting.length <= ahead) waiting.push(startWorker(words, await compiled))
      const worker = await waiting.shift()
      if (!worker) throw new Error('no worker')
      alive.add(worker)
      void worker.ended.then(() => alive.delete(worker))
      return worker
    },
    async [Symbol.asyncDispose]() {
      if (ended) return
      ended = true
      await warm
      for (const worker of [...alive, ...(await Promise.all(waiting))]) {
        worker.kill()
        await worker.ended
      }
      await removeTemporaryFolder(await compiled)
    },
  }
}

type Source = { ahead: number; arguments?: string[] }

async function startWorker(words: string[], compileCache: string): Promise<Worker> {
  const program = join(import.meta.dirname, 'worker.ts')
  const child = spawn(process.execPath, ['--no-warnings', program, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // One thread for files, so that "its N-th system call" is the same one in every run.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_COMPILE_CACHE: compileCache },
  })
  const reports: Report[] = []
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    complaint = (complaint + text).slice(-2000)
  })
  // A worker that is killed before it has read its task.
  child.stdin.on('error', () => undefined)
  const lines = createInterface({ input: child.stdout })
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
      child.stdin.write(`${JSON.stringify(task)}\n`)
      patience = setTimeout(() => {
        stuck = true
        child.kill('SIGKILL')
      }, patienceMs)
    },
    said,
    dismiss() {
      child.stdin.end()
      return ended
    },
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
  const found = threads.filter(thread =>
    readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').startsWith('libuv-worker'),
  )
  const [thread] = found
  if (thread === undefined || found.length !== 1) throw new Error(`${found.length} threads for files`)
  return Number(thread)
}
