import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import type { JournalRecord } from '../../protocol/records.ts'
import { builtProgram } from '../support/built-program.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { mountsAreForbidden, startWithMount } from '../support/private-mount.ts'
import { startScenario, startTracking } from '../support/scenario.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

type Asleep = Extract<JournalRecord, { kind: 'presence.changed' }>
type World = { pid: number; skipSleep(seconds: number): void }

/**
 * A tracker without any bus that could announce a sleep, whose clock of the time since the start of the
 * computer can leap ahead, as it does in a sleep. (The clock on the wall does not: this computer cannot be
 * put to sleep here.)
 */
function sleeps(
  what: string,
  act: (world: World) => Promise<void>,
  judge: (asleep: Asleep[]) => string,
): Condition {
  return {
    what,
    speed: 'slow',
    async run() {
      if (mountsAreForbidden()) throw new NotHere('no private mounts here')
      await using stage = await startScenario({ without: 'host' })
      const file = join(stage.home.root, 'uptime')
      let asleepSeconds = 0
      const write = () => {
        const [up = 0] = readFileSync('/proc/uptime', 'utf8').split(' ').map(Number)
        writeFileSync(file, `${(up + asleepSeconds).toFixed(2)} 0.00\n`)
      }
      write()
      const ticking = setInterval(write, 100)
      const command = [process.execPath, '--no-warnings', builtProgram('agent'), '--lifetime=stay']
      const env = { ...stage.env, DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere' }
      const agent = startWithMount({ source: file, target: '/proc/uptime' }, command, {
        env,
        stdio: 'ignore',
      })
      try {
        const tap = await startTracking(stage)
        const status = await tap.status()
        await act({
          pid: status.agent.pid,
          skipSleep: seconds => {
            asleepSeconds += seconds
          },
        })
        await sleepFor(11_000)
        await stage.cli('stop')
        const { delivered, identity } = stage.home.places
        const { records } = await openWithAge(delivered, identity)
        const changes = records.filter(record => record.kind === 'presence.changed')
        return judge(changes.filter(({ presence }) => presence === 'asleep'))
      } finally {
        clearInterval(ticking)
        agent.kill('SIGKILL')
        if (agent.exitCode === null && agent.signalCode === null) await once(agent, 'exit')
      }
    },
  }
}

export const sleep: ConditionGroup = {
  name: 'sleep',
  conditions: [
    sleeps(
      'the computer sleeps for an hour without an announcement',
      async ({ skipSleep }) => skipSleep(3600),
      ([found, ...more]) => {
        const seconds = found?.to ? (Date.parse(found.to) - Date.parse(found.from)) / 1000 : 0
        expect(more.length === 0 && Math.abs(seconds - 3600) < 1, `${seconds} s, and ${more.length} more`)
        return `asleep for ${seconds} s by ${found?.source}`
      },
    ),
    sleeps(
      'the tracker is stopped for ten seconds, and the computer is not asleep',
      async ({ pid }) => {
        process.kill(pid, 'SIGSTOP')
        await sleepFor(10_000)
        process.kill(pid, 'SIGCONT')
      },
      asleep => {
        expect(asleep.length === 0, JSON.stringify(asleep))
        return 'no sleep recorded'
      },
    ),
  ],
}
