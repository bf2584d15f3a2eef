import type { PresenceKind } from '../../protocol/presence.ts'
import type { AgentTap } from '../support/agent-tap.ts'
import { type DesktopBus, type Logind, type ScreenSaver, startDesktopBus } from '../support/desktop-bus.ts'
import { pressKeys } from '../support/hardware-input.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { type Stage, startAgent, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { type Condition, type ConditionGroup, expect } from './condition.ts'

/** A desktop with X, a system that tells of locks and sleep, and a tracker with consent. */
type Desktop = { stage: Stage; bus: DesktopBus; logind: Logind; saver: ScreenSaver; tap: AgentTap }

let desktop: Promise<Desktop> | undefined
const cleanUp = new AsyncDisposableStack()

async function openDesktop(): Promise<Desktop> {
  const bus = cleanUp.use(await startDesktopBus())
  const stage = cleanUp.use(await startScenario({ without: 'host' }))
  const [logind, saver] = await Promise.all([bus.startLogind(), bus.startScreenSaver()])
  Object.assign(stage.env, bus.env)
  await startAgent(stage)
  for (const words of [
    ['settings', 'set', 'idle_after', '15'],
    ['settings', 'set', 'away_after', '30'],
  ]) {
    const { exit, stderr } = await stage.cli(...words)
    if (exit !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
  const tap = await startTracking(stage)
  return { stage, bus, logind, saver, tap }
}

function onDesktop(
  what: string,
  speed: Condition['speed'],
  act: (desktop: Desktop) => Promise<string>,
): Condition {
  return {
    what,
    speed,
    async run() {
      desktop ??= openDesktop()
      return act(await desktop)
    },
  }
}

/** How long until the tracker reports it, and from which source. */
async function untilPresence({ tap }: Desktop, kind: PresenceKind, withinMs: number): Promise<string> {
  const begun = performance.now()
  const accept = untilStatus(tap, `presence ${kind}`, ({ presence }) => presence.kind === kind, withinMs)
  const { presence } = await accept
  return `${kind} by ${presence.source} after ${Math.round(performance.now() - begun)} ms`
}

async function typeKey({ stage }: Desktop): Promise<void> {
  await pressKeys(stage.input, 1)
}

export const presence: ConditionGroup = {
  name: 'presence',
  conditions: [
    onDesktop('the desktop says that the screen is locked', 'fast', async here => {
      await here.logind.setLocked(true)
      const locked = await untilPresence(here, 'locked', 2000)
      await typeKey(here)
      await here.logind.setLocked(false)
      return `${locked}, then ${await untilPresence(here, 'active', 2000)}`
    }),
    onDesktop('the screen saver is shown', 'fast', async here => {
      await here.saver.setActive(true)
      const locked = await untilPresence(here, 'locked', 2000)
      await here.saver.setActive(false)
      return `${locked}, then ${await untilPresence(here, 'active', 2000)}`
    }),
    onDesktop('the screen saver dies while it is shown', 'slow', async here => {
      await here.saver.setActive(true)
      await untilPresence(here, 'locked', 2000)
      await here.saver.stop()
      return untilPresence(here, 'active', 2000)
    }),
    onDesktop('a program asks to lock and the screen stays unlocked', 'slow', async here => {
      await here.logind.askToLock()
      const locked = await untilPresence(here, 'locked', 2000)
      return `${locked}, then ${await untilPresence(here, 'active', 15_000)}`
    }),
    onDesktop('the computer is about to sleep, and wakes up', 'fast', async here => {
      await here.logind.prepareForSleep(true)
      const asleep = await untilPresence(here, 'asleep', 2000)
      await here.logind.prepareForSleep(false)
      await typeKey(here)
      return `${asleep}, then ${await untilPresence(here, 'active', 2000)}`
    }),
    onDesktop('no input for 15 s, then for 30 s, and then typing', 'slow', async here => {
      await typeKey(here)
      const idle = await untilPresence(here, 'idle', 20_000)
      const away = await untilPresence(here, 'away', 20_000)
      await typeKey(here)
      return `${idle}, ${away} more, ${await untilPresence(here, 'active', 2000)}`
    }),
    onDesktop('a video plays without any input, and may count', 'slow', async here => {
      await here.stage.cli('settings', 'set', 'count_media', 'true')
      await here.logind.inhibitIdle()
      await typeKey(here)
      const begun = performance.now()
      const { presence } = await untilStatus(
        here.tap,
        'a video that counts',
        status => status.presence.source === 'media',
        25_000,
      )
      const seconds = Math.round((performance.now() - begun) / 1000)
      expect(presence.kind === 'active' && seconds >= 14, `${presence.kind} after ${seconds} s`)
      await here.stage.cli('settings', 'set', 'count_media', 'false')
      return `active by media after ${seconds} s, then ${await untilPresence(here, 'idle', 5000)}`
    }),
    onDesktop('logind is gone while the screen is locked', 'fast', async here => {
      await here.logind.setLocked(true)
      await untilPresence(here, 'locked', 2000)
      await here.logind.stop()
      await typeKey(here)
      return untilPresence(here, 'active', 2000)
    }),
    onDesktop('all of it is in the records', 'fast', async here => {
      await here.stage.cli('stop')
      const { delivered, identity } = here.stage.home.places
      const { records } = await openWithAge(delivered, identity)
      const changes = records.filter(record => record.kind === 'presence.changed')
      const said = changes.map(({ presence, source }) => `${presence} by ${source}`)
      for (const wanted of [
        'active by input',
        'locked by logind',
        'locked by screensaver',
        'asleep by logind',
      ])
        expect(said.includes(wanted), `${wanted} is missing in: ${said.join(', ')}`)
      return `${changes.length} changes, such as ${[...new Set(said)].join(', ')}`
    }),
  ],
  end: () => cleanUp.disposeAsync(),
}
