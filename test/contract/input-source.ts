import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { InputEvent } from '../../native-host/input/input-event.ts'
import type { InputSource, InputState } from '../../native-host/input/ports.ts'
import { type HardwareInput, someKeycode } from '../support/hardware-input.ts'
import { waitFor } from '../support/wait-for.ts'

/** A source, and hands on the keyboard and mouse that it listens to. */
export type InputBench = AsyncDisposable & { source: InputSource; hands: HardwareInput }

/** What every InputSource promises. `open` is called once for each row. */
export function inputSourceContract(name: string, open: () => Promise<InputBench>): void {
  const exactly: [what: string, act: (hands: HardwareInput) => void, counted: Partial<Counted>][] = [
    [
      '500 key presses',
      hands => times(500, () => hands.pressKey(someKeycode)),
      { 'key-down': 500, 'key-up': 500 },
    ],
    ['40 clicks', hands => times(40, () => hands.click()), { 'button-down': 40, 'button-up': 40 }],
    [
      '20 clicks of another button',
      hands => times(20, () => hands.click(3)),
      { 'button-down': 20, 'button-up': 20 },
    ],
    ['20 steps of the wheel', hands => hands.wheel(20), { wheel: 20 }],
    ['20 steps of the wheel the other way', hands => hands.wheel(-20), { wheel: 20 }],
  ]
  for (const [what, act, counted] of exactly) {
    test(`${name} counts exactly ${what}, and nothing else`, async () => {
      await using bench = await open()
      await using listener = await startListening(bench.source)
      act(bench.hands)
      await bench.hands.flush()
      await listener.stop()
      assert.deepEqual(countKinds(listener.events), { ...nothing, ...counted })
    })
  }

  test(`${name} tells every step of the pointer's way`, async () => {
    await using bench = await open()
    await using listener = await startListening(bench.source)
    const moves = bench.hands.moveTo(1700, 980)
    await bench.hands.flush()
    await listener.stop()
    assert.deepEqual(countKinds(listener.events), { ...nothing, move: moves })
    const last = listener.events.at(-1)
    assert.deepEqual(last && withoutTime(last), { kind: 'move', x: 1700, y: 980 })
  })

  test(`${name} is starting, then counting`, async () => {
    await using bench = await open()
    await using listener = await startListening(bench.source)
    assert.deepEqual(listener.states, [{ kind: 'starting' }, { kind: 'counting' }])
  })

  test(`${name} tells where a click was and which way the wheel turned`, async () => {
    await using bench = await open()
    await using listener = await startListening(bench.source)
    bench.hands.moveTo(300, 200)
    bench.hands.click(1)
    bench.hands.wheel(-1)
    bench.hands.wheel(1)
    await bench.hands.flush()
    await listener.stop()
    const [down, up, away, towards] = listener.events.filter(event => event.kind !== 'move').map(withoutTime)
    assert.deepEqual(down, { kind: 'button-down', button: 1, x: 300, y: 200 })
    assert.deepEqual(up, { kind: 'button-up', button: 1, x: 300, y: 200 })
    assert.deepEqual(away, { kind: 'wheel', steps: -1, x: 300, y: 200 })
    assert.deepEqual(towards, { kind: 'wheel', steps: 1, x: 300, y: 200 })
  })

  test(`${name} stamps events in order on the monotonic clock, and hands them over within half a second`, async () => {
    await using bench = await open()
    const ages: number[] = []
    await using listener = await startListening(bench.source, events => {
      ages.push(machineMs() - (events[0]?.at ?? 0))
    })
    const from = machineMs()
    for (let round = 0; round < 10; round++) {
      bench.hands.pressKey(someKeycode)
      await bench.hands.flush()
      await sleep(37)
    }
    const to = machineMs()
    await listener.stop()
    const stamps = listener.events.map(event => event.at)
    assert.deepEqual(
      stamps,
      stamps.toSorted((a, b) => a - b),
    )
    // Stamps of X11 are whole milliseconds.
    assert.ok((stamps[0] ?? 0) >= from - 2 && (stamps.at(-1) ?? 0) <= to + 2, `${from} … ${stamps} … ${to}`)
    assert.ok(Math.max(...ages) < 500, `handed over after ${Math.max(...ages)} ms`)
  })

  test(`${name} hands over the last events before it resolves, and then is silent`, async () => {
    await using bench = await open()
    await using listener = await startListening(bench.source)
    times(3, () => bench.hands.pressKey(someKeycode))
    await bench.hands.flush()
    await listener.stop()
    assert.equal(countKinds(listener.events)['key-down'], 3)
    const states = listener.states.length
    bench.hands.pressKey(someKeycode)
    await bench.hands.flush()
    await sleep(200)
    assert.equal(countKinds(listener.events)['key-down'], 3)
    assert.equal(listener.states.length, states, 'the end is no state')
  })

  test(`${name} listens again after it was stopped`, async () => {
    await using bench = await open()
    for (const round of [1, 2]) {
      await using listener = await startListening(bench.source)
      times(round, () => bench.hands.pressKey(someKeycode))
      await bench.hands.flush()
      await listener.stop()
      assert.equal(countKinds(listener.events)['key-down'], round)
    }
  })

  test(`${name} does not even start when it is aborted already`, async () => {
    await using bench = await open()
    const events: InputEvent[] = []
    const handlers = {
      onEvents: (more: readonly InputEvent[]) => events.push(...more),
      onState: () => undefined,
    }
    await bench.source.listen(handlers, AbortSignal.abort())
    assert.deepEqual(events, [])
  })
}

export type Listener = AsyncDisposable & {
  events: InputEvent[]
  states: InputState[]
  until(what: string, accept: (state: InputState) => boolean): Promise<void>
  /** Ends listening and waits for the last events. */
  stop(): Promise<void>
}

export function listenTo(
  source: InputSource,
  onBatch: (events: readonly InputEvent[]) => void = () => undefined,
): Listener {
  const events: InputEvent[] = []
  const states: InputState[] = []
  const ended = new AbortController()
  const listening = source.listen(
    {
      onEvents(batch) {
        onBatch(batch)
        events.push(...batch)
      },
      onState: state => states.push(state),
    },
    ended.signal,
  )
  const stop = () => {
    ended.abort()
    return listening
  }
  return {
    events,
    states,
    async until(what, accept) {
      const seen = () => states
      await waitFor(what, () => states.some(accept), { everyMs: 5, seen })
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function startListening(...args: Parameters<typeof listenTo>): Promise<Listener> {
  const listener = listenTo(...args)
  await listener.until('counting', state => state.kind === 'counting')
  return listener
}

type Counted = Record<InputEvent['kind'], number>
const nothing: Counted = { 'key-down': 0, 'key-up': 0, 'button-down': 0, 'button-up': 0, move: 0, wheel: 0 }

export function countKinds(events: readonly InputEvent[]): Counted {
  const counted = { ...nothing }
  for (const event of events) counted[event.kind] += event.kind === 'wheel' ? Math.abs(event.steps) : 1
  return counted
}

export function withoutTime({ at, ...rest }: InputEvent): Omit<InputEvent, 'at'> {
  return rest
}

export function times(count: number, act: () => void): void {
  for (let index = 0; index < count; index++) act()
}

/** The monotonic clock of the machine, which `InputEvent.at` is on. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
