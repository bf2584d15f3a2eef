import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { hookProcess } from '../../native-host/adapters/input/hook-process.ts'
import type { InputSources } from '../../native-host/input/input-sources.ts'
import type { InputSource } from '../../native-host/input/ports.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import {
  type HardwareInput,
  moveByKeys,
  openHardwareInput,
  pressKeys,
  someKeycode,
} from '../support/hardware-input.ts'
import { assertWithin } from '../support/pace.ts'
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'
import { countKinds, inputSourceContract, listenTo, machineMs, times, withoutTime } from './input-source.ts'

const path = join(import.meta.dirname, '../../native-host/programs/input-hook.ts')

const listeners: [name: string, listener: 'uiohook' | undefined][] = [
  ['the hook process on X', undefined],
  ['the hook process with the library of the other systems', 'uiohook'],
]
for (const [name, listener] of listeners) {
  inputSourceContract(name, async () => {
    await using opened = new AsyncDisposableStack()
    const display = opened.use(await startVirtualDisplay())
    const hands = opened.use(await openHardwareInput(display.display))
    const source = hookProcess({ path, env: display.env, ...(listener && { listener }) })
    const kept = opened.move()
    return { source, hands, [Symbol.asyncDispose]: () => kept.disposeAsync() }
  })
}

test('nothing is lost at 5,000 events a second', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  const ages: number[] = []
  await using listener = listenTo(sourceOn(display), events => {
    ages.push(machineMs() - (events[0]?.at ?? 0))
  })
  await listener.until('counting', isCounting)
  const startedAt = performance.now()
  for (let round = 1; round <= 100; round++) {
    times(25, () => hands.pressKey(someKeycode))
    times(20, () => hands.click())
    times(10, () => hands.moveTo(round % 2 ? 108 : 100, 100))
    await hands.flush()
    await sleep(Math.max(0, startedAt + round * 20 - performance.now()))
  }
  const seconds = (performance.now() - startedAt) / 1000
  await listener.stop()
  const { move, ...rest } = countKinds(listener.events)
  assert.deepEqual(rest, {
    'key-down': 2500,
    'key-up': 2500,
    'button-down': 2000,
    'button-up': 2000,
    wheel: 0,
  })
  assert.ok(
    listener.events.length / seconds > 4000,
    `only ${listener.events.length / seconds} events a second`,
  )
  assert.ok(move > 0)
  // Batches that fill up before their time must not make the hook listen less often.
  assert.ok(Math.max(...ages) < 500, `handed over after ${Math.max(...ages)} ms`)
})

test('typing that no window hears is reported within half a second, each key at its own time', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  let pressed = 0
  const behind: number[] = []
  await using listener = listenTo(sourceOn(display), () => {
    // Those of this batch are not in the list yet.
    setImmediate(() => behind.push(pressed - countKinds(listener.events)['key-down']))
  })
  await listener.until('counting', isCounting)
  const everyMs = 50
  const startedAt = machineMs()
  const pressedAt: number[] = []
  // Without asking the server anything in between: its answer would bring the events along.
  for (; pressed < 60; pressed++) {
    pressedAt.push(machineMs() - startedAt)
    hands.pressKey(someKeycode)
    await sleep(Math.max(0, startedAt + (pressed + 1) * everyMs - machineMs()))
  }
  await listener.stop()
  const stamps = listener.events.flatMap(event => (event.kind === 'key-down' ? [event.at - startedAt] : []))
  assert.equal(stamps.length, 60)
  const misplaced = stamps.map((stamp, index) => Math.abs(stamp - (pressedAt[index] ?? 0)))
  assert.ok(Math.max(...misplaced) < everyMs, `${stamps.map(Math.round)} of ${pressedAt.map(Math.round)}`)
  assert.ok(Math.max(...behind.slice(1)) <= 500 / everyMs, `${behind} keys were not reported yet`)
})

test('without the connection for questions, counting goes on', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  await using wires = await wiresTo(display)
  await using listener = listenTo(hookProcess({ path, env: { ...display.env, DISPLAY: wires.display } }))
  await listener.until('counting', isCounting)
  const pressTwice = async () => {
    for (const _ of [1, 2]) {
      hands.pressKey(someKeycode)
      await hands.flush()
      await sleep(500)
    }
    return countKinds(listener.events)['key-down']
  }
  assert.equal(await pressTwice(), 2)
  // The last one is that of the recording.
  wires.open.at(-2)?.destroy()
  assert.equal(await pressTwice(), 4)
})

test('input that had come is reported at the end, also when the server hangs', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  await using listener = listenTo(sourceOn(display))
  await listener.until('counting', isCounting)
  await pressKeys(hands, 3)
  // They are with the hook, which rests before it hands them over.
  await sleep(100)
  process.kill(display.pid, 'SIGSTOP')
  try {
    await listener.stop()
  } finally {
    process.kill(display.pid, 'SIGCONT')
  }
  assert.equal(countKinds(listener.events)['key-down'], 3)
})

test('input that came while the hook was stopped for a second is reported when it goes on', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  await using listener = listenTo(sourceOn(display))
  await listener.until('counting', isCounting)
  const [hook = Number.NaN] = await hooksOf(process.pid)
  process.kill(hook, 'SIGSTOP')
  for (let round = 1; round <= 50; round++) {
    times(100, () => hands.pressKey(someKeycode))
    await hands.flush()
    await sleep(20)
  }
  process.kill(hook, 'SIGCONT')
  await listener.stop()
  const { 'key-down': pressed, 'key-up': released } = countKinds(listener.events)
  assert.deepEqual([pressed, released], [5000, 5000])
})

test('a key that is held is one press, however often it repeats', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  await using listener = listenTo(sourceOn(display))
  await listener.until('counting', isCounting)
  hands.keyDown(someKeycode)
  await hands.flush()
  // X repeats after 660 ms, 25 times a second.
  await sleep(1100)
  hands.keyUp(someKeycode)
  await hands.flush()
  await listener.stop()
  const { 'key-down': down, 'key-up': up } = countKinds(listener.events)
  assert.deepEqual({ down, up }, { down: 1, up: 1 })
})

const injectors: [
  what: string,
  act: (display: VirtualDisplay, hands: HardwareInput) => void,
  device: string,
][] = [
  ['a keyboard', (_, hands) => hands.pressKey(someKeycode), 'Xvfb keyboard'],
  ['a mouse', (_, hands) => hands.click(), 'Xvfb mouse'],
  [
    'a program that types',
    ({ env }) => execFileSync('xdotool', ['key', 'a'], { env }),
    'Virtual core XTEST keyboard',
  ],
  [
    'a program that points',
    ({ env }) => execFileSync('xdotool', ['mousemove_relative', '5', '5'], { env }),
    'Virtual core XTEST pointer',
  ],
]
/** What the clocks of the X server and of the hook may differ by. */
const clockMs = 10

// Side by side: what is waited for is the look at the devices, once in five seconds.
describe('where input comes from', { concurrency: true }, () => {
  for (const [what, act, device] of injectors)
    test(`input of ${what} is reported with that source`, async () => {
      await using display = await startVirtualDisplay()
      await using hands = await openHardwareInput(display.display)
      const told: InputSources[] = []
      const counting = Promise.withResolvers<void>()
      const ending = new AbortController()
      const listening = sourceOn(display).listen(
        {
          onEvents: () => undefined,
          onState: state => {
            if (isCounting(state)) counting.resolve()
          },
          onSources: sources => told.push(sources),
        },
        ending.signal,
      )
      await counting.promise
      // The report begins with the input, and not with the look at the devices before it.
      await sleep(500)
      const begun = machineMs()
      await waitFor('the devices to be told', async () => {
        act(display, hands)
        await hands.flush()
        return told.length > 0
      })
      ending.abort()
      await listening
      assert.deepEqual([...new Set(told.flatMap(({ devices }) => devices.map(({ name }) => name)))], [device])
      const [{ from, first, to } = { from: 0, first: 0, to: 0 }] = told
      assert.ok(from < begun && begun - clockMs <= first && first <= to, `${begun} ${from} ${first} ${to}`)
    })
})

test('a pointer that keys move is reported before its first events, and its end after its last', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  const told: string[] = []
  const sources: InputSources[] = []
  const ending = new AbortController()
  const counting = Promise.withResolvers<void>()
  const listening = sourceOn(display).listen(
    {
      onEvents: events => told.push(...events.map(({ kind }) => kind)),
      onState: state => {
        if (isCounting(state)) counting.resolve()
      },
      onSources: looked => sources.push(looked),
      onPointerKeys: on => told.push(on ? 'on' : 'off'),
    },
    ending.signal,
  )
  await counting.promise
  await hands.setPointerKeys(true)
  await moveByKeys(hands)
  await waitFor('the moves and where they came from', () => told.includes('move') && sources.length > 0)
  await hands.setPointerKeys(false)
  await pressKeys(hands, 20)
  await waitFor('the end of it', () => told.lastIndexOf('off') > 0)
  ending.abort()
  await listening
  const [off, on] = told
  assert.deepEqual([off, on], ['off', 'on'])
  const devices = sources.filter(({ pointerKeys }) => pointerKeys).flatMap(looked => looked.devices)
  assert.ok(devices.some(({ name, kind }) => name === 'Virtual core XTEST pointer' && kind === 'pointer'))
  assert.ok(devices.some(({ name, kind }) => name === 'Xvfb keyboard' && kind === 'keyboard'))
})

test('the source of the last input is reported although nothing follows', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  const sources: InputSources[] = []
  const ending = new AbortController()
  const counting = Promise.withResolvers<void>()
  const listening = sourceOn(display).listen(
    {
      onEvents: () => undefined,
      onState: state => {
        if (isCounting(state)) counting.resolve()
      },
      onSources: looked => sources.push(looked),
    },
    ending.signal,
  )
  await counting.promise
  // Too soon after the start for a look to be due.
  await pressKeys(hands, 1)
  const pressed = machineMs()
  await waitFor('the device to be told', () => sources.length > 0)
  ending.abort()
  await listening
  const [looked] = sources
  assert.deepEqual(looked?.devices, [{ name: 'Xvfb keyboard', kind: 'keyboard' }])
  assert.ok(looked.first - clockMs <= pressed && pressed <= looked.to)
})

test('while closer looks are asked for, the end of a short burst is reported at once', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  const sources: { told: number; looked: InputSources }[] = []
  const ending = new AbortController()
  const counting = Promise.withResolvers<void>()
  const listening = sourceOn(display).listen(
    {
      onEvents: () => undefined,
      onState: state => {
        if (isCounting(state)) counting.resolve()
      },
      onSources: looked => sources.push({ told: machineMs(), looked }),
      closely: createSignal(true),
    },
    ending.signal,
  )
  await counting.promise
  await pressKeys(hands, 40)
  const pressed = machineMs()
  await waitFor('the device to be told', () => sources.length > 0)
  ending.abort()
  await listening
  const [first] = sources
  assert.deepEqual(first?.looked.devices, [{ name: 'Xvfb keyboard', kind: 'keyboard' }])
  await assertWithin(2500, first.told - pressed)
  assert.equal(first.looked.pointerKeys, false)
})

test('what leaves the hook process is the same for any typed text', async () => {
  const eventsOf = async (text: string) => {
    await using display = await startVirtualDisplay()
    await using hands = await openHardwareInput(display.display)
    await using listener = listenTo(sourceOn(display))
    await listener.until('counting', isCounting)
    hands.typeText(text)
    await hands.flush()
    await listener.stop()
    return listener.events.map(withoutTime)
  }
  const [canary, ...others] = await Promise.all(['swordfish', 'aaaaaaaaa', 'qwertzuio'].map(eventsOf))
  assert.equal(canary?.length, 18)
  for (const other of others) assert.deepEqual(other, canary)
})

test('no typed word is in the bytes between the processes', async () => {
  const words = ['swordfish', 'correct horse battery staple']
  const bytes = await bytesOfTyping(words.join('\n'))
  // The test can see what crosses: the names of the fields, and a record for each of the 38 presses and releases.
  assert.ok(bytes.includes('records'))
  assert.ok(bytes.length > 2 * 38 * bytesOfRecord, `${bytes.length} bytes`)
  for (const word of words.flatMap(line => line.split(' '))) {
    const codes = Array.from(word, letter => letter.charCodeAt(0))
    const spellings = [
      Buffer.from(word),
      Buffer.from(word, 'utf16le'),
      Buffer.from(Uint32Array.from(codes).buffer),
      Buffer.from(Float64Array.from(codes).buffer),
    ]
    for (const spelling of spellings) assert.equal(bytes.includes(spelling), false, word)
  }
})

test('a server that dies is a state, and when it is back counting goes on', async () => {
  await using first = await startVirtualDisplay()
  await using listener = listenTo(sourceOn(first))
  await listener.until('counting', isCounting)
  await first.stop()
  await listener.until('the loss', state => state.kind === 'unavailable')
  const lost = listener.states.at(-1)
  assert.equal(lost?.kind === 'unavailable' && lost.problem.code, 'INPUT_NO_DISPLAY')

  listener.states.length = 0
  await using second = await startVirtualDisplay({ number: Number(first.display.slice(1)) })
  await listener.until('counting again', isCounting)
  await using hands = await openHardwareInput(second.display)
  times(7, () => hands.pressKey(someKeycode))
  await hands.flush()
  await listener.stop()
  assert.equal(countKinds(listener.events)['key-down'], 7)
})

test('a hook that is killed is a state, and another one takes over', async () => {
  await using display = await startVirtualDisplay()
  await using listener = listenTo(sourceOn(display))
  await listener.until('counting', isCounting)
  const [hook] = await hooksOf(process.pid)
  assert.ok(hook)
  listener.states.length = 0
  process.kill(hook, 'SIGKILL')
  await listener.until('the loss', state => state.kind === 'unavailable')
  assert.deepEqual(listener.states, [{ kind: 'unavailable', problem: { code: 'INPUT_HOOK_FAILED' } }])
  await listener.until('counting again', isCounting)
  await listener.stop()
  assert.deepEqual(await hooksOf(process.pid), [])
})

const absent: NodeJS.ProcessEnv[] = [{}, { DISPLAY: ':54321' }]
for (const { DISPLAY } of absent) {
  test(`without a display (DISPLAY=${DISPLAY ?? ''}) nothing is started and it is said`, async () => {
    await using listener = listenTo(hookProcess({ path: '/no/such/file', env: { ...process.env, DISPLAY } }))
    await listener.until('the absence', state => state.kind === 'unavailable')
    const state = listener.states.at(-1)
    assert.equal(state?.kind === 'unavailable' && state.problem.code, 'INPUT_NO_DISPLAY')
  })
}

test('a server without RECORD allows no counting, and that is reported at once', async () => {
  await using display = await startVirtualDisplay({ without: ['RECORD', 'MIT-SHM'] })
  await using listener = listenTo(sourceOn(display))
  await listener.until('the failure', state => state.kind === 'unavailable')
  // The library of the other systems would abort there, or hang.
  const problem = { code: 'INPUT_HOOK_FAILED', detail: 'this X server has no RECORD extension' }
  assert.deepEqual(listener.states.at(-1), { kind: 'unavailable', problem })
})

test('in a Wayland session it is said that the counts are too low', async () => {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  const env = { ...display.env, WAYLAND_DISPLAY: 'wayland-0' }
  await using listener = listenTo(hookProcess({ path, env }))
  await listener.until('the warning', state => state.kind === 'unavailable')
  hands.pressKey(someKeycode)
  await hands.flush()
  await listener.stop()
  assert.deepEqual(listener.states.at(-1), { kind: 'unavailable', problem: { code: 'INPUT_WAYLAND' } })
  assert.equal(countKinds(listener.events)['key-down'], 1)
})

const impostors: [what: string, source: string, detail: string | undefined][] = [
  ['says nothing', 'setInterval(() => {}, 1000)', 'no answer in 5000 ms'],
  ['speaks another language', 'process.send({ kind: "hello" })', 'INTERNAL'],
  [
    'sends broken records',
    'process.send({ kind: "events", records: new Float64Array(7) })',
    'MESSAGE_INVALID',
  ],
  ['leaves at once', '', undefined],
]
for (const [what, source, detail] of impostors) {
  test(`a hook that ${what} is ended and said to have failed`, async () => {
    await using display = await startVirtualDisplay()
    await using folder = await mkdtempDisposable(join(tmpdir(), 'impostor-'))
    const impostor = join(folder.path, 'input-hook.mjs')
    await writeFile(impostor, source)
    await using listener = listenTo(hookProcess({ path: impostor, env: display.env }))
    await listener.until('the failure', state => state.kind === 'unavailable')
    const problem = { code: 'INPUT_HOOK_FAILED', ...(detail !== undefined && { detail }) }
    assert.deepEqual(listener.states.at(-1), { kind: 'unavailable', problem })
    await listener.stop()
    assert.deepEqual(await hooksOf(process.pid), [])
  })
}

test('the hook leaves with its agent, even one that is killed', async () => {
  await using display = await startVirtualDisplay()
  const script = `
    import { hookProcess } from ${JSON.stringify(import.meta.resolve('../../native-host/adapters/input/hook-process.ts'))}
    const onState = state => state.kind === 'counting' && console.log('counting')
    await hookProcess({ path: ${JSON.stringify(path)} }).listen({ onState, onEvents() {} }, new AbortController().signal)
  `
  const agent = spawn(process.execPath, ['--input-type=module', '--eval', script], { env: display.env })
  await once(agent.stdout, 'data')
  const [hook] = await hooksOf(agent.pid ?? 0)
  assert.ok(hook)
  agent.kill('SIGKILL')
  await waitFor('the hook to leave', async () => !(await isHook(hook)), { withinMs: 2000 })
})

function sourceOn(display: VirtualDisplay): InputSource {
  return hookProcess({ path, env: display.env })
}

function isCounting(state: { kind: string }): boolean {
  return state.kind === 'counting'
}

/** Five numbers of eight bytes. */
const bytesOfRecord = 5 * 8

/** Runs the hook with the other end of its channel in our hands, and types. */
async function bytesOfTyping(text: string): Promise<Buffer> {
  await using display = await startVirtualDisplay()
  await using hands = await openHardwareInput(display.display)
  const hook = spawn(process.execPath, [path], {
    env: { ...display.env, NODE_CHANNEL_FD: '3', NODE_CHANNEL_SERIALIZATION_MODE: 'advanced' },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const exited = once(hook, 'exit')
  const channel = hook.stdio[3]
  assert.ok(channel)
  const chunks: Buffer[] = []
  channel.on('data', chunk => chunks.push(chunk))
  const bytes = () => Buffer.concat(chunks)
  await waitFor('the hook to be ready', () => bytes().includes('ready'))
  hands.typeText(text)
  await hands.flush()
  await waitFor('the records', () => bytes().length > 2 * text.length * bytesOfRecord)
  channel.destroy()
  await exited
  return bytes()
}

async function hooksOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
  const children = await Promise.all(
    pids.map(async pid => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      return Number(stat.split(') ')[1]?.split(' ')[1]) === parent && (await isHook(pid))
    }),
  )
  return pids.filter((_, index) => children[index])
}

/** A process that has ended but was not waited for yet has an empty command line. */
async function isHook(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes('input-hook')
}

/** Another name for the display, and the connections that are made to it, each of which can be cut. */
async function wiresTo({ display }: VirtualDisplay) {
  const socketOf = (name: string) => `/tmp/.X11-unix/X${name.slice(1)}`
  const open: Socket[] = []
  const server = createServer(near => {
    const far = connect(socketOf(display))
    open.push(near)
    near.on('error', () => undefined).on('close', () => far.destroy())
    far.on('error', () => undefined).on('close', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  const name = `:${1000 + process.pid}`
  await once(server.listen(socketOf(name)), 'listening')
  return {
    display: name,
    open,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
