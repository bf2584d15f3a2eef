import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KeptFacts } from '../../native-host/adapters/store/kept-facts.ts'
import type { Memory } from '../../native-host/kernel/ports.ts'
import { AppError } from '../../protocol/errors.ts'

export type MemoryWorld = {
  /** Opens the memory again, as after a restart. */
  open(): Memory<KeptFacts>
  fillDisk(): void
  freeDisk(): void
  [Symbol.dispose](): void
}

const facts: { [K in keyof KeptFacts]: readonly [KeptFacts[K], KeptFacts[K]] } = {
  device: ['laptop-1', 'laptop-2'],
  consent: [
    { text_version: 1, at: '2026-11-22T10:00:00.000Z' },
    { text_version: 2, at: '2026-11-23T10:00:00.000Z' },
  ],
  pause: [
    { since: '2026-11-22T10:00:00.000Z', until: null, by: 'firefox' },
    { since: '2026-11-22T10:00:00.000Z', until: '2026-11-22T10:15:00.000Z' },
  ],
  delivered: [
    { count: 1, last: '2026-11-22T10:00:00.000Z' },
    { count: 2, last: '2026-11-22T10:00:01.000Z' },
  ],
  folder: ['', '/mnt/drive'],
  last_screenshot: ['2026-11-22T10:00:00.000Z', '2026-11-22T10:05:00.000Z'],
  waived_screenshot: [
    { asked: '2026-11-22T10:01:00.000Z', due: '2026-11-22T10:05:00.000Z' },
    { asked: '2026-11-22T10:06:00.000Z', due: '2026-11-22T10:10:00.000Z' },
  ],
  zone: ['Europe/Berlin', 'Asia/Kathmandu'],
  running: [
    { pid: 1, since: '2026-11-22T10:00:00.000Z' },
    { pid: 2, since: '2026-11-22T11:00:00.000Z', boot: 'b' },
  ],
  last_end: [
    { reason: 'signal', boot: 'a' },
    { reason: 'asked', boot: 'b' },
  ],
  device_key: ['one', 'another'],
  refused_extras: [
    [{ place: 'a', extras: ['checksum'] }],
    [
      { place: 'a', extras: [] },
      { place: 'b', extras: ['condition', 'metadata'] },
    ],
  ],
  weakened: [
    [],
    [
      {
        at: '2026-11-22T10:00:00.000Z',
        by: 'chromium',
        weakenings: [
          { kind: 'setting', name: 'blur_screenshots', from: true, to: false },
          { kind: 'consent', text_version: 2 },
        ],
      },
    ],
  ],
  refusals: [
    { count: 1, last: '2026-11-22T10:00:00.000Z' },
    { count: 2, last: '2026-11-22T10:05:00.000Z' },
  ],
  stored_intervals: [0, 8640],
  keys_confirmed: [
    { recipients: ['age1a'], identities: ['age1a'], device: null, revision: 1, before: [] },
    { recipients: ['age1a', 'age1b'], identities: [], device: 'one', revision: 2, before: ['a'] },
  ],
  keys: [
    { recipients: ['age1a'], identities: ['age1a'], device: null },
    { recipients: ['age1a', 'age1b'], identities: [], device: 'one' },
  ],
  keys_found: [
    { recipients: [], identities: [], device: null },
    { recipients: ['age1b'], identities: [], device: 'another' },
  ],
  computer: [
    { boot: 'a', facts: {} },
    { boot: 'b', facts: { model: 'Framework Laptop 13', desktop: 'GNOME', memory_gib: 16 } },
  ],
  flagged: [
    [
      {
        from: '2026-11-22T10:00:00.000Z',
        to: '2026-11-22T10:00:10.000Z',
        genuineness: { verdict: 'suspect', rules: 3, evidence: [] },
      },
    ],
    [
      {
        from: '2026-11-22T10:00:00.000Z',
        to: '2026-11-22T10:00:20.000Z',
        genuineness: {
          verdict: 'scripted',
          rules: 3,
          confidence: 0.7,
          since: '2026-11-22T10:00:03.000Z',
          evidence: [{ feature: 'loop', value: 14, text: 'The same again.' }],
          provenance: { injected_seconds: 5, devices: ['Virtual core XTEST pointer'] },
        },
      },
      {
        from: '2026-11-22T10:00:00.000Z',
        to: '2026-11-22T10:00:10.000Z',
        genuineness: { verdict: 'suspect', rules: 3, evidence: [] },
      },
    ],
  ],
}
const keys = Object.keys(facts) as (keyof KeptFacts)[]

/** What every memory does. */
export function memoryContract(name: string, make: () => MemoryWorld): void {
  describe(`memory: ${name}`, () => {
    for (const key of keys) {
      test(`${key}: unknown, kept, replaced, forgotten; and so after each restart`, () => {
        using world = make()
        keepAndCheck(world, key, undefined)
        keepAndCheck(world, key, facts[key][0])
        keepAndCheck(world, key, facts[key][1])
        keepAndCheck(world, key, undefined)
      })
    }

    test('facts do not touch each other', () => {
      using world = make()
      const memory = world.open()
      for (const key of keys) memory.set(key, facts[key][0])
      memory.set('device', undefined)
      for (const key of keys) assert.deepEqual(memory.get(key), key === 'device' ? undefined : facts[key][0])
    })

    test('what a caller does to a value afterwards changes nothing', () => {
      using world = make()
      const memory = world.open()
      const given = { count: 1, last: '2026-11-22T10:00:00.000Z' }
      memory.set('delivered', given)
      given.count = 9
      assert.equal(memory.get('delivered')?.count, 1)
    })

    test('a full disk: the old value stays', () => {
      using world = make()
      const memory = world.open()
      memory.set('device', 'old')
      world.fillDisk()
      assert.throws(
        () => memory.set('device', 'new'.repeat(100_000)),
        (error: unknown) => error instanceof AppError && error.code === 'DISK_FULL',
      )
      assert.equal(memory.get('device'), 'old')
      world.freeDisk()
      memory.set('device', 'new')
      assert.equal(world.open().get('device'), 'new')
    })
  })
}

function keepAndCheck<K extends keyof KeptFacts>(
  world: MemoryWorld,
  key: K,
  value: KeptFacts[K] | undefined,
): void {
  const memory = world.open()
  memory.set(key, value)
  assert.deepEqual(memory.get(key), value)
  assert.deepEqual(world.open().get(key), value)
}
