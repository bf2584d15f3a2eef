import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const tops = ['protocol', 'native-host', 'extension', 'manifests', 'tools']
const globs = [...tops.map(top => `${top}/**/*.test.ts`), 'test/*.test.ts', 'bench/*.test.ts']

/** They start programs of ours again and again: a stage of their own, after the build. */
const startPrograms = ['cli.test.ts', 'bridge.test.ts', 'detect.test.ts']

/**
 * What a test changes of its process would hold for the tests of other files too: variables, the folder, the umask,
 * the timers, hooks of a whole file. The memory in use is that of them all.
 */
const changesItsProcess =
  /process\.(env\.\w+ =[^=]|env\[|chdir|umask|memoryUsage)|(delete |assign\()process\.env|mock\.(timers|method)|^(before|after)(Each)?\(|\bgc\b/m

export type UnitFiles = {
  /** Two halves that take about as long, each for one process: starting one takes longer than most files. */
  shared: readonly [readonly string[], readonly string[]]
  /** Each needs a process of its own. */
  own: readonly string[]
  programs: readonly string[]
}

export function unitFiles(): UnitFiles {
  const all = globSync(globs, { cwd: root }).sort()
  const programs = all.filter(path => startPrograms.includes(basename(path)))
  const texts = new Map(
    all.filter(path => !programs.includes(path)).map(path => [path, readFileSync(join(root, path), 'utf8')]),
  )
  const own = [...texts].filter(([, text]) => changesItsProcess.test(text)).map(([path]) => path)
  for (const path of own) texts.delete(path)
  return { shared: halve(texts), own, programs }
}

/** By folder, so that a file that is added moves no other; the length of the text stands for the time. */
function halve(texts: ReadonlyMap<string, string>): UnitFiles['shared'] {
  const folders = [...Map.groupBy(texts, ([path]) => dirname(path)).values()]
    .map(files => ({ paths: files.map(([path]) => path), size: sum(files.map(([, text]) => text.length)) }))
    .sort((a, b) => b.size - a.size)
  const [one, other]: [string[], string[]] = [[], []]
  let more = 0
  for (const { paths, size } of folders) {
    const shorter = more <= 0 ? one : other
    shorter.push(...paths)
    more += shorter === one ? size : -size
  }
  return [one, other]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}
