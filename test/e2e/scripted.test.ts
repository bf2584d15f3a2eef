import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Status } from '../../protocol/status.ts'
import { browserNames } from '../support/browsers.ts'
import { openWithAge, sumOfIntervals } from '../support/opened-objects.ts'
import { changeSetting, countsShown, press } from '../support/page-parts.ts'
import { endProcess } from '../support/processes.ts'
import { type Stage, startScenario, startTracking, untilStatus } from '../support/scenario.ts'
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

test('discarded: what a script did is taken out of today from its beginning, and "This was me" brings it back', async () => {
  await using stage = await startScenario()
  const browser = await stage.launch('chromium')
  const tap = await startTracking(stage, browser)
  const popup = await browser.open('popup')
  const options = await browser.open('options')
  await changeSetting(options, 'scripted_input', 'discard')
  const shown = (what: string, keys: number, clicks: number) =>
    waitFor(what, async () => isDeepStrictEqual(await countsShown(popup), { keys, clicks }), {
      seen: () => countsShown(popup),
    })
  stage.input.typeText('hello')
  await stage.input.flush()
  await shown('what a person typed', 5, 0)
  // The interval of ten seconds in which the script begins goes with it.
  await sleep(11_000)

  const ending = new AbortController()
  let clicks = 0
  const running = repeat(ending.signal, async () => {
    await xdotool(stage, 'mousemove', randomInt(0, 1600), randomInt(0, 900), 'click', 1)
    clicks++
    // So slowly that it cannot be noticed in the interval in which it begins.
    await sleep(randomInt(2000, 2600))
  })
  try {
    await waitFor('its clicks to count', async () => (await countsShown(popup)).clicks > 3)
    await untilStatus(tap, 'it to be noticed', ({ flagged }) => flagged !== null, 60_000)
  } finally {
    ending.abort()
    await running
  }
  await shown('only what the person did', 5, 0)
  const { agent } = await tap.status()
  tap[Symbol.dispose]()
  endProcess(agent.pid, 'SIGKILL')
  await waitFor('another agent that still knows of it', async () => {
    using other = await stage.tap()
    const status = await other.status()
    return status.agent.pid !== agent.pid && status.state.kind === 'tracking' && status.flagged !== null
  })
  await shown('the same after the agent was killed', 5, 0)
  await press(options, 'withdraw-verdict')
  await shown('all of it', 5, clicks)

  tap[Symbol.dispose]()
  await browser.close()
  await waitFor('the agent to end', async () => (await stage.processes('agent')).length === 0)
  const { delivered, identity } = stage.home.places
  assert.equal((await stage.cli('verify', delivered, '--identity', identity)).exit, 0)
  const { records } = await openWithAge(delivered, identity)
  const takenOut = records
    .flatMap(record => (record.kind === 'verdict.extended' ? record.minutes : []))
    .reduce((sum, minute) => sum + minute.clicks, 0)
  assert.ok(takenOut > 0)
  assert.deepEqual(sumOfIntervals(records), { keys: 5, clicks: takenOut }, 'the records say the same')
  assert.equal(records.filter(({ kind }) => kind === 'verdict.withdrawn').length, 1)
})

async function repeat(signal: AbortSignal, act: (turn: number) => Promise<void>): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) await act(turn)
}

async function xdotool(stage: Stage, ...words: (string | number)[]): Promise<void> {
  const tool = spawn('xdotool', words.map(String), { env: stage.env, stdio: 'ignore' })
  await once(tool, 'exit')
}

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
