import { AppError } from '../protocol/errors.ts'
import { replaceFile } from './write-new.ts'

/**
 * The small program that a browser starts. A browser that was opened from a desktop has no PATH of nvm, fnm or npm,
 * so every path in it is absolute.
 */
export type Launcher = {
  path: string
  platform: NodeJS.Platform
  /** The Node runtime, its flags, and the program. */
  command: readonly string[]
  /** Used where the browser's environment does not say otherwise. */
  env: Readonly<Record<string, string>>
  /** The variables that the program gets, if they are set. Node obeys some of the others before any code of ours runs. */
  keep: readonly string[]
}

/** @throws AppError STORE_NOT_WRITABLE */
export async function writeLauncher(launcher: Launcher): Promise<void> {
  const text = launcher.platform === 'win32' ? cmdScript(launcher) : shellScript(launcher)
  try {
    await replaceFile(launcher.path, text, 0o755)
  } catch (cause) {
    throw new AppError('STORE_NOT_WRITABLE', { detail: launcher.path, cause })
  }
}

export function shellScript({ command, env, keep }: Script): string {
  const defaults = Object.entries(env).map(
    ([name, value]) => `[ -n "\${${name}:-}" ] || export ${name}=${shellQuote(value)}\n`,
  )
  const names = [...keep, ...Object.keys(env)].filter(name => /^\w+$/.test(name))
  return `#!/bin/sh\n${dropOthers(names)}${defaults.join('')}exec ${command.map(shellQuote).join(' ')} "$@"\n`
}

/**
 * Takes every other variable out of the environment. In the shell alone: an argument of env(1) can be read by
 * every user for a moment, and some variables hold secrets. What is no name, such as the second line of a
 * value, cannot be one of Node's; what the shell itself forbids to be unset is passed over.
 */
function dropOthers(keep: readonly string[]): string {
  const lines = Array.from({ length: Math.ceil(keep.length / namesInLine) }, (_, line) =>
    keep.slice(line * namesInLine, (line + 1) * namesInLine).join('|'),
  )
  return `set -f
IFS='
'
for line in $(export -p); do
  line=\${line#export }
  line=\${line#declare -x }
  name=\${line%%=*}
  case $name in
${lines.map(line => `  ${line}) ;;\n`).join('')}  ''|[0-9]*|*[!A-Za-z0-9_]*|SHELLOPTS|BASHOPTS|UID|EUID|PPID) ;;
  *) unset "$name" ;;
  esac
done
unset IFS line name
`
}
const namesInLine = 8

type Script = Pick<Launcher, 'command' | 'env' | 'keep'>

/** Takes only those of Node out: cmd knows no list of what to keep. The program itself hands on no others. */
export function cmdScript({ command, env }: Omit<Script, 'keep'>): string {
  const defaults = Object.entries(env).map(
    ([name, value]) => `if not defined ${name} set "${name}=${cmdEscape(value)}"\r\n`,
  )
  const words = command.map(word => `"${cmdEscape(word)}"`).join(' ')
  const drop = `for /f "delims==" %%v in ('set NODE_ 2^>nul') do set "%%v="\r\n`
  return `@echo off\r\n${drop}${defaults.join('')}${words} %*\r\n`
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Windows paths cannot hold a quotation mark, but they can hold a percent sign. */
function cmdEscape(word: string): string {
  return word.replaceAll('%', '%%')
}
