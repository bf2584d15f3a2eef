import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProvenance, type ProvenanceLimits } from './provenance.ts'

const program = 'Virtual core XTEST pointer'
const mouse = 'Logitech USB mouse'

/** Each entry is two seconds of input by these devices. */
function concludeAfter(spans: readonly string[][], limits: Partial<ProvenanceLimits> = {}) {
  const provenance = createProvenance(() => ({ injected: 'suspect', trusted: '', ...limits }))
  for (const [index, devices] of spans.entries())
    provenance.observe({
      ...{ from: 2000 * index, first: 2000 * index + 500, to: 2000 * (index + 1), pointerKeys: false },
      devices: devices.map(name => ({ name, kind: 'pointer' })),
    })
  return provenance.conclude()
}

function times(count: number, devices: string[]): string[][] {
  return Array.from({ length: count }, () => devices)
}

const rows: [what: string, spans: string[][], suspicious: boolean][] = [
  ['nothing', [], false],
  ['a mouse for an hour', times(1800, [mouse]), false],
  ['a program that types a password', times(4, [program]), false],
  ['a program for twenty seconds', times(10, [program]), true],
  ['a program beside a person', times(100, [program, mouse]), false],
  [
    'a program and now and then a person',
    times(20, [program]).concat(times(2, [mouse]), times(3, [program])),
    true,
  ],
  ['a person who came back', times(20, [program]).concat(times(20, [mouse]), times(3, [program])), false],
]
for (const [what, spans, suspicious] of rows) {
  test(`${what}: ${suspicious ? 'worth a suspicion' : 'nothing to tell'}`, () => {
    assert.equal(concludeAfter(spans).evidence !== undefined, suspicious)
  })
}

test('the evidence names the devices, and says that others do it too', () => {
  const { evidence, since, injectedSeconds } = concludeAfter(times(12, [program]))
  assert.equal(since, 500, 'with the first input, and not with the look at it')
  assert.equal(injectedSeconds, 24)
  assert.deepEqual(evidence, {
    feature: 'injected_input',
    value: 24,
    text: `For 24 s all input came from programs (${program}) and none from a device. Assistive tools and remote desktops do that too.`,
  })
})

test('a person who says that the tool is theirs is believed', () => {
  assert.equal(concludeAfter(times(100, [program]), { injected: 'ignore' }).evidence, undefined)
  assert.equal(concludeAfter(times(100, [program]), { trusted: program }).evidence, undefined)
})

test('a device that was called theirs is a person at work, whatever a program does beside it', () => {
  const remote = 'TigerVNC pointer'
  assert.equal(concludeAfter(times(100, [program, remote]), { trusted: remote }).evidence, undefined)
})

test('a lull is no part of a suspicion', () => {
  const provenance = createProvenance(() => ({ injected: 'suspect', trusted: '' }))
  provenance.observe({
    from: 0,
    first: 0,
    to: 30_000,
    devices: [{ name: program, kind: 'pointer' }],
    pointerKeys: false,
  })
  assert.ok(provenance.conclude().evidence)
  assert.equal(provenance.conclude().evidence, undefined)
})

test('names of devices are compared as people write them, commas in them included', () => {
  const trusts = (trusted: string, device: string) =>
    concludeAfter(times(100, [device]), { trusted }).evidence === undefined
  const device = 'Yubico, Inc. XTEST Key'
  const quoted = ['"Yubico, Inc. XTEST Key"', 'a mouse, "yubico, inc. XTEST key",another']
  for (const list of [
    device,
    'yubico, inc. xtest key',
    'a mouse,Yubico,  Inc.  XTEST Key , another',
    ...quoted,
  ])
    assert.ok(trusts(list, device), list)
  for (const list of ['', ',', 'Yubico', 'Inc. XTEST Key', 'Yubico, a mouse, Inc. XTEST Key'])
    assert.equal(trusts(list, device), false, list)
})

test('a pointer that the system moves by keys is not moved by a program', () => {
  const look = (name: string, kind: 'pointer' | 'keyboard', pointerKeys: boolean) => {
    const provenance = createProvenance(() => ({ injected: 'suspect', trusted: '' }))
    provenance.observe({ from: 0, first: 0, to: 30_000, devices: [{ name, kind }], pointerKeys })
    return provenance.conclude().evidence === undefined
  }
  assert.equal(look(program, 'pointer', false), false)
  assert.equal(look(program, 'pointer', true), true)
  assert.equal(look('Virtual core XTEST keyboard', 'keyboard', true), false)
})
