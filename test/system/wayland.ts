import type { AgentTap } from '../support/agent-tap.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { isThere } from '../support/programs.ts'
import { type Stage, startAgent, startScenario, untilStatus } from '../support/scenario.ts'
import { startWaylandSession, type WaylandSession } from '../support/wayland-session.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

/** A session of Wayland without X: nothing tells the tracker which input there is, and the compositor when. */
type Session = { stage: Stage; sway: WaylandSession; tap: AgentTap }

let session: Promise<Session> | undefined
const cleanUp = new AsyncDisposableStack()

async function openSession(): Promise<Session> {
  if (!isThere('sway')) throw new NotHere('sway is not installed')
  const sway = cleanUp.use(await startWaylandSession())
  const stage = cleanUp.use(await startScenario({ without: 'display' }))
  const { WAYLAND_DISPLAY, XDG_SESSION_TYPE } = sway.env
  Object.assign(stage.env, { WAYLAND_DISPLAY, XDG_SESSION_TYPE })
  await startAgent(stage)
  await stage.cli('settings', 'set', 'idle_after', '15')
  await stage.cli('start', '--acknowledge')
  return { stage, sway, tap: await stage.tap() }
}

function inSession(
  what: string,
  speed: Condition['speed'],
  act: (session: Session) => Promise<string>,
): Condition {
  return {
    what,
    speed,
    async run() {
      session ??= openSession()
      return act(await session)
    },
  }
}

export const wayland: ConditionGroup = {
  name: 'wayland',
  conditions: [
    inSession('it is tracked, and said that input has no detail', 'fast', async ({ tap, stage }) => {
      const status = await untilStatus(tap, 'tracking', ({ state }) => state.kind === 'tracking')
      const { input, presence } = status
      expect(
        input.state === 'without-detail' && input.problem?.code === 'INPUT_WAYLAND',
        JSON.stringify(input),
      )
      const { stdout } = await stage.cli('status')
      expect(/activity only: this system does not report/.test(stdout), stdout)
      return `${status.state.kind}, input ${input.state}, ${presence.kind} by ${presence.source}`
    }),
    inSession('the mouse rests for 15 s, and then moves', 'slow', async ({ tap, sway }) => {
      await sway.moveMouse()
      const begun = performance.now()
      const kindIs = (kind: string) =>
        untilStatus(tap, kind, ({ presence }) => presence.kind === kind, 20_000)
      await kindIs('idle')
      const idleMs = performance.now() - begun
      const movedAt = performance.now()
      await sway.moveMouse()
      await kindIs('active')
      expect(Math.abs(idleMs - 15_000) < 1000, `idle after ${Math.round(idleMs)} ms`)
      return `idle after ${Math.round(idleMs)} ms, active ${Math.round(performance.now() - movedAt)} ms after a move`
    }),
    inSession(
      'the mouse moves for some seconds: active seconds, and no counts',
      'fast',
      async ({ stage, sway, tap }) => {
        const before = (await tap.status()).today.active_seconds
        for (let n = 0; n < 12; n++) {
          await sway.moveMouse()
          await new Promise(resolve => setTimeout(resolve, 250))
        }
        const after = await untilStatus(
          tap,
          'seconds',
          ({ today }) => today.active_seconds >= before + 3,
          15_000,
        )
        await stage.cli('stop')
        const { delivered, identity } = stage.home.places
        const { records } = await openWithAge(delivered, identity)
        const intervals = records.filter(record => record.kind === 'interval')
        const wrong = intervals.filter(({ incomplete, presence }) => !incomplete || presence === 'unknown')
        expect(intervals.length > 0 && wrong.length === 0, JSON.stringify(wrong.slice(0, 2)))
        const { today } = after
        expect(today.keys === 0 && today.distance_px === 0, JSON.stringify(today))
        return `${today.active_seconds - before} active seconds, ${intervals.length} intervals that say they are incomplete`
      },
    ),
  ],
  end: () => cleanUp.disposeAsync(),
}
