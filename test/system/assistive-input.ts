import { setTimeout as sleep } from 'node:timers/promises'
import type { TrustedSource } from '../../protocol/records.ts'
import { moveByKeys, someKeycode } from '../support/hardware-input.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { type Stage, startScenario, startTracking } from '../support/scenario.ts'
import { type Condition, type ConditionGroup, expect } from './condition.ts'

/** Longer than such input goes unnoticed. */
const patienceMs = 60_000

/** Input that looks like a program's, on a tracker that has a reason to take it for the person's own. */
function isTrusted(
  what: string,
  speed: Condition['speed'],
  wanted: TrustedSource,
  act: (stage: Stage) => Promise<string>,
): Condition {
  return {
    what,
    speed,
    async run() {
      await using stage = await startScenario({ without: 'host' })
      const tap = await startTracking(stage)
      const seen = await act(stage)
      const { flagged, today } = await tap.status()
      expect(flagged === null, `flagged: ${JSON.stringify(flagged)}`)
      tap[Symbol.dispose]()
      await must(stage, 'stop')
      const { delivered, identity } = stage.home.places
      const { records } = await openWithAge(delivered, identity)
      const said = records.flatMap(record => (record.kind === 'interval' ? (record.trusted ?? []) : []))
      expect(said.includes(wanted), `the records trust ${said.join(', ') || 'nothing'}`)
      expect(!JSON.stringify(records).includes('Xvfb'), 'the records name the device')
      return `${seen}; ${today.keys} keys and ${today.distance_px} px count, and the records say “${wanted}” and no name`
    },
  }
}

export const assistiveInput: ConditionGroup = {
  name: 'assistive',
  conditions: [
    isTrusted(
      'X moves the pointer by keys (MouseKeys)',
      'fast',
      'pointer moved by the system',
      async stage => {
        await stage.input.setPointerKeys(true)
        for (let turn = 0; turn < 6; turn++) await moveByKeys(stage.input)
        return 'six times there and back are not flagged'
      },
    ),
    isTrusted(
      'a scanner that types is named, and beside it is a tracker that knows nothing of it',
      'slow',
      'named keyboard',
      async stage => {
        await must(stage, 'settings', 'set', 'trusted_devices', 'Xvfb keyboard')
        await using other = await startScenario({ without: 'host' })
        const ignorant = await startTracking(other)
        const begun = performance.now()
        while ((await ignorant.status()).flagged === null) {
          expect(performance.now() - begun < patienceMs, 'not even the other one flagged it')
          await scan([stage, other])
        }
        const seconds = Math.round((performance.now() - begun) / 1000)
        // It judges a little later than the other.
        for (let code = 0; code < 10; code++) await scan([stage])
        return `the other flags it after ${seconds} s, this one not`
      },
    ),
  ],
}

/** The same code, each key at the same distance from the one before. */
async function scan(stages: readonly Stage[]): Promise<void> {
  for (const _ of '4006381333931') {
    for (const { input } of stages) input.pressKey(someKeycode)
    await Promise.all(stages.map(({ input }) => input.flush()))
    await sleep(20)
  }
  await sleep(700)
}

async function must(stage: Stage, ...words: string[]): Promise<void> {
  const { exit, stderr } = await stage.cli(...words)
  if (exit !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
}
