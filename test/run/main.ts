import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { type Command, check, everything, type StageName, stageNames, stages } from './stages.ts'

/**
 * `node test/run/main.ts [check | STAGE …]`: runs stages of the tests and says how long each took; without a word all
 * of them, as `npm test` does. Exit 1 when one fails; the rest of its step is carried to the end.
 */
const root = join(import.meta.dirname, '..', '..')

type Ended = { name: StageName; ok: boolean; seconds: number }

const ended: Ended[] = []
const begun = performance.now()
for (const step of planOf(process.argv.slice(2))) {
  const [only, ...others] = step
  const output = others.length === 0 && only?.length === 1 ? 'live' : 'at the end'
  await Promise.all(step.map(lane => runLane(lane, output)))
  if (ended.some(({ ok }) => !ok)) break
}
if (ended.length > 1)
  console.log(`\n${ended.map(lineOf).join('\n')}\n${minutes(secondsSince(begun))}  together`)
process.exit(ended.every(({ ok }) => ok) ? 0 : 1)

function planOf(words: readonly string[]): typeof everything {
  if (words.length === 0) return everything
  if (words.length === 1 && words[0] === 'check') return check
  return words.map(word => [[stageNames.find(known => known === word) ?? unknown(word)]])
}

function unknown(word: string): never {
  console.error(`No stage ${word}. There are: check, ${stageNames.join(', ')}`)
  process.exit(64)
}

async function runLane(lane: readonly StageName[], output: 'live' | 'at the end'): Promise<void> {
  for (const name of lane) {
    const since = performance.now()
    const ok = await runStage(name, output)
    const stage = { name, ok, seconds: secondsSince(since) }
    ended.push(stage)
    console.log(styleText('bold', lineOf(stage)))
  }
}

async function runStage(name: StageName, output: 'live' | 'at the end'): Promise<boolean> {
  for (const row of stages[name].rows()) {
    const one = row.length === 1 && output === 'live'
    const codes = await Promise.all(row.map(command => run(command, one ? 'live' : 'at the end')))
    if (codes.some(code => code !== 0)) return false
  }
  return true
}

/** Resolves with the exit code. What runs beside others is heard when it is over, or their lines would mix. */
function run([program = '', ...words]: Command, output: 'live' | 'at the end'): Promise<number> {
  const child = spawn(program === 'node' ? process.execPath : program, words, {
    cwd: root,
    stdio: [
      'ignore',
      ...(output === 'live' ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const)),
    ],
  })
  const heard: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => heard.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      process.stdout.write(Buffer.concat(heard))
      resolve(code ?? 1)
    })
  })
}

function lineOf({ name, ok, seconds }: Ended): string {
  return `${minutes(seconds)}  ${name}${ok ? '' : '  FAILED'}`
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1).padStart(5)} min`
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000
}
