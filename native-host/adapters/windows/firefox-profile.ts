import { readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { budgets } from '../../kernel/budgets.ts'
import { namesWithin, readBeginning, readKernelFile } from '../../platform/files/read-within.ts'

/**
 * By process and the moment of its start: a Firefox goes over to the other way of browsing only when it
 * starts again.
 */
const known = new Map<string, Promise<boolean>>()
const mostKnown = 100

/**
 * Whether all windows of this Firefox are private ("Never remember history", or a policy): their titles do not say so.
 * @param program the folder of its program, in which policies may be
 */
export async function isAlwaysPrivate(pid: number, program: string): Promise<boolean> {
  const key = `${pid} ${startedAt(pid)}`
  const asked = known.get(key) ?? ask(pid, program)
  if (known.size >= mostKnown) known.clear()
  known.set(key, asked)
  return asked
}

async function ask(pid: number, program: string): Promise<boolean> {
  const policies = [join(program, 'distribution', 'policies.json'), '/etc/firefox/policies/policies.json']
  if (policies.some(path => /"PrivateBrowsingModeAvailability"\s*:\s*2\b/.test(beginningOf(path))))
    return true
  const profile = await profileOf(pid)
  return profile !== undefined && neverRemembers(profile)
}

/** What was written last counts, and user.js goes before prefs.js. */
export function neverRemembers(profile: string): boolean {
  const preferences = ['prefs.js', 'user.js'].map(name => beginningOf(join(profile, name))).join('\n')
  const said = [
    ...preferences.matchAll(/^\s*user_pref\("browser\.privatebrowsing\.autostart",\s*(\w+)\s*\);/gm),
  ]
  return said.at(-1)?.[1] === 'true'
}

/** It holds a lock in it for as long as it runs. */
async function profileOf(pid: number): Promise<string | undefined> {
  const folder = `/proc/${pid}/fd`
  for (const descriptor of namesIn(folder)) {
    const path = await readlink(join(folder, descriptor)).catch(() => '')
    if (path.endsWith('/.parentlock')) return dirname(path)
  }
  return undefined
}

/** The 22nd field of proc_pid_stat(5), behind the name, in which there may be anything. */
function startedAt(pid: number): string {
  const stat = statOf(pid)
  return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''
}

function statOf(pid: number): string {
  try {
    return readKernelFile(`/proc/${pid}/stat`)
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...namesWithin(folder)]
  } catch {
    return []
  }
}

export function beginningOf(path: string): string {
  try {
    return readBeginning(path, budgets.browserFile.most).toString()
  } catch {
    return ''
  }
}
