import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError, errorRows } from '../../protocol/errors.ts'
import {
  chainOf,
  isSigned,
  type Segment,
  seen,
  segmentsOf,
  sha256,
} from '../../test/support/signed-journal.ts'
import { inOrder, parseObjectName } from '../verify/object-order.ts'
import type { PassedOver } from '../verify/passed-over.ts'
import type { CommandContext, DeliveredAccess } from './context.ts'
import { runProgram } from './program.ts'

/** What `verify` says and with what it exits. What it finds in records is tested where it is found. */
const segments = segmentsOf(
  chainOf(
    Array.from({ length: 6 }, () => ({ kind: 'resumed' as const })),
    { form: 2 },
  ),
  [3],
  {
    form: 2,
  },
)
const day = 'delivered/device-1/2026-11-22'
const bytesOf = ({ lines }: Segment) => lines.join('\n')
const nameOf = (segment: Segment) =>
  `${String(segment.number).padStart(12, '0')}-${sha256(bytesOf(segment))}.records.ndjson.zst.age`
const intact = new Map(segments.map(segment => [`${day}/${nameOf(segment)}`, bytesOf(segment)]))
const [first = '', second = ''] = intact.keys()

type Folder = ReadonlyMap<string, string | AppError>

/** @param opens the texts that the identity opens */
function deliveredIn(
  folder: Folder,
  passedOver: readonly PassedOver[],
  opens: (text: string) => boolean = () => true,
): DeliveredAccess {
  const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
  const segmentIn = (bytes: Uint8Array) => segments.find(segment => bytesOf(segment) === textOf(bytes))
  const objects = [...folder.keys()].flatMap(
    path => parseObjectName(path, path.split('/').at(-1) ?? '') ?? [],
  )
  return {
    find: async () => ({
      devices: [
        {
          device: 'device-1',
          person: '',
          count: objects.length,
          bytes: undefined,
          objects: () => inOrder([{ first: 1, list: async () => objects }]),
        },
      ],
      passedOver: () => [...passedOver],
    }),
    opener: async () => ({
      async records(bytes) {
        if (!opens(textOf(bytes))) throw new AppError('OPEN_FAILED')
        return bytes
      },
      screenshot: async bytes => bytes,
      fileKey: async bytes => bytes,
      check: async () => undefined,
    }),
    readFile: async path => readIn(folder, path),
    contentsOrHere() {
      throw new Error('verify keeps nothing')
    },
    async *contents(objects) {
      for await (const object of objects) {
        const found = folder.get(object.path)
        if (found instanceof AppError) yield { object, error: found }
        else yield { object, sealed: readIn(folder, object.path) }
      }
    },
    hashOf: bytes => sha256(textOf(bytes)),
    sha256,
    readHead(sealed) {
      const segment = segmentIn(sealed)
      const { head = undefined, rest = undefined } = segment ? seen(segment) : {}
      return { head, rest }
    },
    isSigned,
  }
}

function readIn(folder: Folder, path: string): Uint8Array {
  const found = folder.get(path)
  if (found instanceof AppError) throw found
  return new TextEncoder().encode(found)
}

async function verify(
  folder: Folder,
  passedOver: readonly PassedOver[] = [],
  opens?: (text: string) => boolean,
) {
  const out: string[] = []
  const err: string[] = []
  const context = {
    terminal: {
      out: async lines => void out.push(...lines),
      write: async () => undefined,
      err: lines => void err.push(...lines),
      show: () => undefined,
      interactive: false,
      overwrites: false,
      hush: () => ({ [Symbol.asyncDispose]: async () => undefined }),
      ask: async () => '',
      askSecret: async () => '',
    },
    delivered: deliveredIn(folder, passedOver, opens),
    now: () => Temporal.Instant.from('2026-11-30T12:00:00Z'),
    zone: () => 'UTC',
    signal: new AbortController().signal,
  } satisfies Partial<CommandContext>
  // Only what this command asks for is there.
  const exit = await runProgram(context as unknown as CommandContext, '', ['verify', 'delivered', '--json'])
  const { found, devices } = JSON.parse(out.join('\n') || '{"devices":[{}]}')
  const { findings } = devices[0]
  return { exit, err: err.join('\n'), found, findings, provenTo: devices[0].provenTo }
}

test('an untouched folder ends with 0', async () => {
  assert.deepEqual(await verify(intact), {
    ...{ exit: 0, err: '', found: 0, findings: [] },
    provenTo: '2026-11-22T10:00:50.000Z',
  })
})

const copy = first.replace('delivered/', 'copy/')
const unreadable = new AppError('FILE_UNREADABLE', { detail: 'gone' })
const name = (path: string) => path.split('/').at(-1)
const cases: [what: string, folder: Folder, findings: object[]][] = [
  [
    'an object whose bytes are others',
    new Map(intact).set(second, 'forged'),
    [{ kind: 'object-changed', object: name(second) }],
  ],
  [
    'an object that cannot be read',
    new Map<string, string | AppError>(intact).set(second, unreadable),
    [{ kind: 'object-unreadable', object: name(second), why: 'gone' }],
  ],
  [
    'a copy with other bytes',
    new Map(intact).set(copy, 'forged'),
    [{ kind: 'object-changed', object: name(first) }],
  ],
  [
    'a copy that cannot be read',
    new Map<string, string | AppError>(intact).set(copy, unreadable),
    [{ kind: 'object-unreadable', object: name(first), why: 'gone' }],
  ],
]
describe('what is found ends with 65, and is counted', () => {
  for (const [what, folder, findings] of cases)
    test(what, async () => {
      const seen = await verify(folder)
      assert.deepEqual([seen.exit, seen.found, seen.findings], [65, findings.length, findings])
      assert.equal(seen.provenTo, null)
      const { code, detail } = JSON.parse(seen.err).error
      assert.deepEqual([code, detail], ['RECORDS_NOT_INTACT', '1 problem in all; each is listed above'])
      assert.equal(errorRows.RECORDS_NOT_INTACT.exit, 65)
    })

  test('what is passed over and may hide an object is; what hides nothing is not', async () => {
    const hiding = { kind: 'unreadable', count: 2, path: 'delivered/shut' } as const
    const harmless = { kind: 'pipe', count: 1, path: 'delivered/p' } as const
    const both = await verify(intact, [hiding, harmless])
    assert.deepEqual([both.exit, both.found, both.findings], [65, 1, []])
    const only = await verify(intact, [harmless])
    assert.deepEqual([only.exit, only.found], [0, 0])
  })

  test('a whole copy is no finding', async () => {
    const seen = await verify(new Map(intact).set(copy, intact.get(first) ?? ''))
    assert.deepEqual([seen.exit, seen.found], [0, 0])
  })
})

test('an identity that opens nothing is the wrong one, and nothing is said against the files', async () => {
  const { exit, err, found } = await verify(intact, [], () => false)
  assert.deepEqual([exit, found], [errorRows.OPEN_FAILED.exit, undefined])
  assert.match(err, /OPEN_FAILED/)
  assert.match(err, /none of 2 files opens with this identity/)
})

test('one file that opens makes each that does not a finding', async () => {
  const { exit, findings } = await verify(intact, [], text => text === intact.get(first))
  assert.equal(exit, errorRows.RECORDS_NOT_INTACT.exit)
  assert.ok(findings.some(({ kind }: { kind: string }) => kind === 'object-unopenable'))
})
