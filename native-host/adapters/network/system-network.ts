import { statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import type { Network } from '../../network/ports.ts'
import { readKernelFile } from '../../platform/files/read-within.ts'
import { runTool } from '../../platform/process/start-program.ts'

/** How long a network may be back before it is noticed. */
const lookMs = 2000

export const systemNetwork: Network = {
  async metered() {
    if (process.platform !== 'linux') return false
    // D-Bus without a library: busctl is a part of systemd. Where one of the two is missing, the answer is unknown.
    const property = ['org.freedesktop.NetworkManager', 'Metered']
    const path = '/org/freedesktop/NetworkManager'
    const command = [
      '--system',
      '--timeout=2',
      '--auto-start=no',
      'get-property',
      'org.freedesktop.NetworkManager',
    ]
    const answer = await runTool('system-tool', 'busctl', [...command, path, ...property], {
      env: process.env,
    }).catch(() => undefined)
    const value = /^u (\d+)$/.exec(answer?.stdout.trim() ?? '')?.[1]
    return value !== undefined && meaning[value] === 'metered'
  },

  watch(onChange, signal) {
    if (signal.aborted) return
    // Without native code a process gets no news of changes. A look takes a tenth of a millisecond.
    let known = surroundings()
    const timer = setInterval(() => {
      const found = surroundings()
      if (found === known) return
      known = found
      onChange()
    }, lookMs)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  },
}

/** NMMetered of NetworkManager's D-Bus interface; "guess" is what it concludes, such as from a phone's name. */
const meaning: Record<string, 'metered' | undefined> = { 1: 'metered', 3: 'metered' }

/** Everything local that decides what can be reached: addresses, routes, name servers. */
function surroundings(): string {
  const addresses = Object.values(networkInterfaces()).flatMap(list =>
    (list ?? []).filter(({ internal }) => !internal).map(({ cidr, mac }) => `${cidr} ${mac}`),
  )
  return JSON.stringify([addresses, ...routeFiles.map(defaultRoutes), changeTime('/etc/resolv.conf')])
}

/** `columns`: gateway, flags and device, and none of the counters, which change all the time. */
const routeFiles = [
  { path: '/proc/net/route', isDefault: /^\S+\t00000000\t/, columns: [0, 2, 3] },
  { path: '/proc/net/ipv6_route', isDefault: /^0{32} 00 /, columns: [4, 8, 9] },
]

function defaultRoutes({ path, isDefault, columns }: (typeof routeFiles)[number]): string[] {
  try {
    return readKernelFile(path)
      .split('\n')
      .filter(line => isDefault.test(line))
      .map(line =>
        line
          .split(/\s+/)
          .filter((_, column) => columns.includes(column))
          .join(' '),
      )
  } catch {
    // Only Linux has them.
    return []
  }
}

function changeTime(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}
