import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Status } from '../../protocol/status.ts'
import { browserNames } from '../support/browsers.ts'
import { press } from '../support/page-parts.ts'
import { type Stage, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
import { repeat, xdotool } from '../support/scripts.ts'
import { waitFor } from '../support/wait-for.ts'

const commandLine = join(import.meta.dirname, '../../dist/native-host/cli.js')

/** What real tools do on a real display, long enough to be noticed; each runs until its signal aborts. */
const scripts: [
  what: string,
  script: (stage: Stage, signal: AbortSignal) => Promise<void>,
  feature: string,
][] = [
  [
    'an agent that jumps and clicks',
    (stage, signal) =>
      repeat(signal, async turn => {
        await xdotool(stage, 'mousemove', 100 + ((turn * 397) % 1500), 100 + ((turn * 211) % 800), 'click', 1)
        await sleep(300 + ((turn * 131) % 500))
      }),
    'pointer_jumps',
  ],
  [
    'a jiggler that goes there and back',
    (stage, signal) =>
      repeat(signal, async turn => {
        await xdotool(stage, 'mousemove_relative', '--', turn % 2 ? -40 : 40, turn % 2 ? -40 : 40)
        await sleep(700)
      }),
    'loop',
  ],
  [
    'a recording of a hand that is played again and again',
    (stage, signal) => repeat(signal, () => playStrokes(stage)),
    'loop',
  ],
  [
    'a program that wanders about without a pattern',
    (stage, signal) =>
      repeat(signal, async () => {
        await xdotool(stage, 'mousemove_relative', '--', randomInt(-60, 60), randomInt(-60, 60))
        await sleep(randomInt(40, 900))
      }),
    'injected_input',
  ],
  [
    'a program that types',
    (stage, signal) =>
      repeat(signal, () => xdotool(stage, 'type', '--delay', 30, 'all work and no play makes a dull day ')),
    'typing_alike',
  ],
]

// Side by side: each has a display of its own, and most of a minute is waiting.
describe('scripted input', { concurrency: true }, () => {
  for (const [what, script, feature] of scripts)
    test(`${what} is noticed within a minute, with the reason`, async () => {
      await using stage = await startScenario()
      const tap = await startTracking(stage)
      const ending = new AbortController()
      const running = script(stage, ending.signal)
      try {
        await untilStatus(
          tap,
          `${feature} among the evidence`,
          ({ flagged }) => flagged?.genuineness.evidence.some(found => found.feature === feature) ?? false,
          60_000,
        )
      } finally {
        ending.abort()
        await running
      }
    })
})

describe('what a person sees of it', { concurrency: true }, () => {
  for (const name of browserNames) {
    test(`${name}: the popup shows the verdict and its evidence`, async () => {
      await using stage = await startScenario()
      const browser = await stage.launch(name)
      const tap = await startTracking(stage, browser)
      const popup = await browser.open('popup')
      const ending = new AbortController()
      // Nowhere twice, so that nothing but the jumps is to be said.
      const running = repeat(ending.signal, async () => {
        await xdotool(stage, 'mousemove', randomInt(0, 1600), randomInt(0, 900))
        await sleep(300)
      })
      try {
        const text = () => popup.evaluate(() => document.querySelector('.flagged-note')?.textContent ?? '')
        // How the strokes are drawn is found about as soon; the second finding joins the first.
        const shown = await waitFor(
          'the jumps in the note',
          async () => {
            const said = await text()
            return /movements were single jumps/.test(said) && said
          },
          { withinMs: 60_000, seen: text },
        )
        assert.match(shown, /looks? (unusual|scripted)/)
        assert.match(shown, /movements were single jumps/)
        ending.abort()
        await running
        const options = await browser.open('options')
        await press(options, 'withdraw-verdict')
        await untilStatus(
          tap,
          'nothing flagged any more',
          ({ flagged, today }) => !flagged && today.flagged_seconds === 0,
        )
      } finally {
        ending.abort()
        await running
      }
    })
  }
})

/** Five seconds of strokes as from a plugged-in mouse: curved, fast in the middle, none like another. */
async function playStrokes(stage: Stage): Promise<void> {
  const places = [
    [300, 200],
    [900, 340],
    [760, 820],
    [180, 610],
    [1210, 150],
    [1500, 700],
    [640, 430],
  ] as const
  for (const [x, y] of places) {
    stage.input.moveTo(x, y)
    await stage.input.flush()
    await sleep(700)
  }
}

test('a person can record their own input: visible to every client, without which key, and judged afterwards', async () => {
  await using stage = await startScenario()
  const tap = await startTracking(stage)
  const file = join(stage.home.root, 'mine.csv')
  const command = spawn(process.execPath, [commandLine, 'detect', '--record', file], {
    env: stage.env,
  })
  const told = (status: Status) => status.notices.some(({ code }) => code === 'INPUT_RECORDED')
  await untilStatus(tap, 'it to be shown', told)
  stage.input.typeText('swordfish')
  await stage.input.flush()
  await waitFor('it to be written', async () => (await readFile(file, 'utf8')).includes(',ku,'))
  command.kill('SIGINT')
  const [exit] = await once(command, 'exit')
  assert.equal(exit, 0)
  await untilStatus(tap, 'it to be over', status => !told(status))
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  assert.equal(lines[0], 's,t,e,x,y,b')
  assert.deepEqual(
    lines.slice(1).map(line => line.replace(/^0,[\d.]+,/, '')),
    Array.from({ length: 9 }, () => ['kd,0,0,0', 'ku,0,0,0']).flat(),
  )
  const judged = await stage.cli('detect', '--summary', file)
  assert.equal(judged.exit, 0)
  assert.equal(JSON.parse(judged.stdout).flagged_minutes, 0)
})
