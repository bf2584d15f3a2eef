import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InputEvent } from '../native-host/input/input-event.ts'
import { hasInputtest, plugInMouse } from '../test/support/plugged-in-mouse.ts'
import { startAgent, startScenario, untilStatus } from '../test/support/scenario.ts'
import { loadSessions, type Session } from '../tools/detector/recordings.ts'
import type { Benchmark, Figure } from './figure.ts'

const minutes = 4
/** One after the other within each, so that as many displays as sets are at work. */
const sets = ['balabit', 'sapimouse', 'survey_web', 'aalto136m']

/** Recordings of people, played in real time into a mouse and a keyboard that are plugged in: nothing may be flagged. */
const live: Benchmark = {
  what: `${minutes} minutes of people on each of ${sets.length} displays, in real time`,

  lacks: ({ data }) =>
    data !== undefined && existsSync(join(data, 'human'))
      ? undefined
      : 'It needs --data DIR with human/ in it, as `npm run bench -- detector` does.',

  async measure({ data = '' }) {
    if (!(await hasInputtest()))
      throw new Error('needs: apt install xserver-xorg-core xserver-xorg-video-dummy')
    const everyone = loadSessions(join(data, 'human'))
    return (await Promise.all(sets.map(set => playSet(set, everyone)))).flat()
  },
}
export default live

async function playSet(set: string, everyone: readonly Session[]): Promise<Figure[]> {
  const events = someMinutesOf(everyone.filter(session => session.set === set))
  await using stage = await startScenario()
  await using mouse = await plugInMouse()
  await startAgent({ home: stage.home, env: { ...stage.env, DISPLAY: mouse.display } })
  await stage.cli('start', '--acknowledge')
  const tap = await stage.tap()
  await untilStatus(tap, 'input to be counted', status => status.input.state === 'counting')
  const startedAt = performance.now()
  for (const event of events) {
    const early = event.at - (performance.now() - startedAt)
    if (early > 1) await sleep(early)
    mouse.act(event)
  }
  // The last interval has to close.
  await sleep(12_000)
  const { today, flagged } = await tap.status()
  for (const { text } of flagged?.genuineness.evidence ?? []) console.error(`${set}: ${text}`)
  return [
    { name: `${set}: counted as active`, value: today.active_seconds, unit: 's', atLeast: 30 },
    { name: `${set}: flagged`, value: today.flagged_seconds, unit: 's', limit: 0 },
  ]
}

/** The busiest sessions, one after the other, on one clock and on the screen. */
function someMinutesOf(sessions: readonly Session[]): InputEvent[] {
  const lengthMs = ({ events }: Session) => (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)
  const pace = (session: Session) => session.events.length / lengthMs(session)
  const busiest = sessions.filter(session => lengthMs(session) > 10_000).toSorted((a, b) => pace(b) - pace(a))
  const events: InputEvent[] = []
  let offset = 0
  for (const session of busiest) {
    const first = session.events[0]?.at ?? 0
    for (const event of session.events) {
      const at = offset + event.at - first
      if (at > minutes * 60_000) return events
      events.push(
        'x' in event ? { ...event, at, x: clamp(event.x, 1919), y: clamp(event.y, 1079) } : { ...event, at },
      )
    }
    offset = (events.at(-1)?.at ?? 0) + 1000
  }
  return events
}

function clamp(value: number, most: number): number {
  return Math.round(Math.max(0, Math.min(most, value)))
}
