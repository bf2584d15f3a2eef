import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { builtProgram } from '../support/built-program.ts'
import { describePower, type Supply } from '../support/power-supplies.ts'
import { mountsAreForbidden } from '../support/private-mount.ts'
import { startScenario, untilStatus } from '../support/scenario.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

const adapter = JSON.stringify(import.meta.resolve('../../native-host/adapters/power/system-power.ts'))
const question = `
  import { systemPower } from ${adapter}
  const battery = await systemPower.battery().catch(error => error.code)
  console.log(battery === undefined ? 'no battery' : JSON.stringify(battery))
`

type Supplies = Record<string, Supply>
const plug = (online: 0 | 1): Supply => ({ TYPE: 'Mains', ONLINE: online })
const battery = (status: string, percent: number, more: Supply = {}): Supply => ({
  ...{ TYPE: 'Battery', PRESENT: 1, STATUS: status, CAPACITY: percent },
  ...{ ENERGY_FULL: 50_000_000, ENERGY_NOW: 500_000 * percent },
  ...more,
})
const found = (percent: number, discharging: boolean) => JSON.stringify({ percent, discharging })

/** What the tracker reads of a computer with these power supplies. */
function reads(what: string, supplies: Supplies, wanted: string): Condition {
  return {
    what,
    speed: 'fast',
    async run() {
      if (mountsAreForbidden()) throw new NotHere('no private mounts here')
      await using power = await describePower(supplies)
      const command = [process.execPath, '--input-type=module', '--eval', question]
      const asker = power.start(command, { stdio: ['ignore', 'pipe', 'inherit'] })
      const answer = asker.stdout === null ? '' : (await text(asker.stdout)).trim()
      expect(answer === wanted, answer)
      return answer
    },
  }
}

/** A tracker on a computer with these power supplies, which change while it runs. */
function lives(
  what: string,
  speed: Condition['speed'],
  begin: Supplies,
  act: (world: World) => Promise<string>,
): Condition {
  return {
    what,
    speed,
    async run() {
      if (mountsAreForbidden()) throw new NotHere('no private mounts here')
      await using power = await describePower(begin)
      await using stage = await startScenario({ without: 'host' })
      const agent = power.start(
        [process.execPath, '--no-warnings', builtProgram('agent'), '--lifetime=stay'],
        {
          env: stage.env,
          stdio: 'ignore',
        },
      )
      try {
        const tap = await stage.tap()
        const { exit, stderr } = await stage.cli('start', '--acknowledge')
        if (exit !== 0) throw new Error(stderr)
        return await act({
          become: power.describe,
          async until(kind, withinMs) {
            const begun = performance.now()
            const { state, power } = await untilStatus(
              tap,
              kind,
              status => status.state.kind === kind,
              withinMs,
            )
            const seconds = ((performance.now() - begun) / 1000).toFixed(1)
            const detail = state.kind === 'suspended' ? ` (${state.detail})` : ''
            return `${kind}${detail} at ${power?.percent ?? 'no'} % after ${seconds} s`
          },
          async notices() {
            return (await tap.status()).notices.map(({ code }) => code)
          },
        })
      } finally {
        agent.kill('SIGKILL')
        if (agent.exitCode === null && agent.signalCode === null) await once(agent, 'exit')
      }
    },
  }
}

type World = {
  become(supplies: Supplies): Promise<void>
  until(kind: 'tracking' | 'suspended', withinMs: number): Promise<string>
  notices(): Promise<string[]>
}

const mouse: Supply = { TYPE: 'Battery', SCOPE: 'Device', STATUS: 'Discharging', CAPACITY: 2, PRESENT: 1 }

export const power: ConditionGroup = {
  name: 'power',
  conditions: [
    reads('a desktop', { AC: plug(1) }, 'no battery'),
    reads('a desktop with a mouse that runs down', { AC: plug(1), hidpp_battery_0: mouse }, 'no battery'),
    reads('a laptop that runs down', { AC: plug(0), BAT0: battery('Discharging', 15) }, found(15, true)),
    reads('a laptop with other names', { ADP1: plug(0), CMB1: battery('Discharging', 41) }, found(41, true)),
    reads(
      'a laptop that counts charge and calls its battery macsmc',
      {
        'macsmc-ac': plug(0),
        'macsmc-battery': {
          ...{ TYPE: 'Battery', PRESENT: 1, STATUS: 'Discharging' },
          ...{ CHARGE_FULL: 4_000_000, CHARGE_NOW: 1_000_000 },
        },
      },
      found(25, true),
    ),
    reads(
      'plugged in and kept at 60 %',
      { ACAD: plug(1), BATT: battery('Not charging', 60) },
      found(60, false),
    ),
    reads(
      'two batteries, one three times as large',
      {
        AC: plug(0),
        BAT0: battery('Discharging', 100, { ENERGY_FULL: 10_000_000 }),
        BAT1: battery('Not charging', 20, { ENERGY_FULL: 30_000_000 }),
      },
      found(40, true),
    ),
    reads(
      'a battery that says nothing',
      { AC: plug(0), BAT0: { TYPE: 'Battery', PRESENT: 1, STATUS: 'Unknown' } },
      '"BATTERY_UNREADABLE"',
    ),
    lives(
      'a low battery suspends tracking, and the plug ends it',
      'fast',
      { AC: plug(0), BAT0: battery('Discharging', 14) },
      async ({ become, until }) => {
        const suspended = await until('suspended', 3000)
        await become({ AC: plug(1), BAT0: battery('Charging', 14) })
        return `${suspended}, ${await until('tracking', 8000)}`
      },
    ),
    lives(
      'a battery runs down past the threshold, recovers a little, and then enough',
      'slow',
      { AC: plug(0), BAT0: battery('Discharging', 21) },
      async ({ become, until }) => {
        await until('tracking', 15_000)
        await become({ AC: plug(0), BAT0: battery('Discharging', 19) })
        const suspended = await until('suspended', 35_000)
        await become({ AC: plug(0), BAT0: battery('Discharging', 22) })
        const flapped = await until('tracking', 8000).catch(() => undefined)
        expect(flapped === undefined, `resumed at 22 %: ${flapped}`)
        await become({ AC: plug(0), BAT0: battery('Discharging', 23) })
        return `${suspended}, not at 22 %, ${await until('tracking', 8000)}`
      },
    ),
    lives(
      'a low battery becomes unreadable: it is reported, and suspends no tracker',
      'slow',
      { AC: plug(0), BAT0: battery('Discharging', 5) },
      async ({ become, until, notices }) => {
        await until('suspended', 3000)
        await become({ AC: plug(0), BAT0: { TYPE: 'Battery', PRESENT: 1, STATUS: 'Unknown' } })
        const tracking = await until('tracking', 30_000)
        const said = await notices()
        expect(said.includes('BATTERY_UNREADABLE'), said.join())
        return `${tracking}, notice ${said.join()}`
      },
    ),
  ],
}
