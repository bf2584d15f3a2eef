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

export function shellScript({ command, env }: Pick<Launcher, 'command' | 'env'>): string {
  const defaults = Object.entries(env).map(
    ([name, value]) => `[ -n "\${${name}:-}" ] || export ${name}=${shellQuote(value)}\n`,
  )
  return `#!/bin/sh\n${defaults.join('')}exec ${command.map(shellQuote).join(' ')} "$@"\n`
}

export function cmdScript({ command, env }: Pick<Launcher, 'command' | 'env'>): string {
  const defaults = Object.entries(env).map(
    ([name, value]) => `if not defined ${name} set "${name}=${cmdEscape(value)}"\r\n`,
  )
  const words = command.map(word => `"${cmdEscape(word)}"`).join(' ')
  return `@echo off\r\n${defaults.join('')}${words} %*\r\n`
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Windows paths cannot hold a quotation mark, but they can hold a percent sign. */
function cmdEscape(word: string): string {
  return word.replaceAll('%', '%%')
}
