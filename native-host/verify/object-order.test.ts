import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inOrder, type NamedObject, type OrderedObject, parseObjectName } from './object-order.ts'

const sha256 = 'ab'.repeat(32)

test('the name of an object gives its number, its hash and its kind', () => {
  const name = `000000000042-${sha256}.records.ndjson.zst.age`
  const said = { name, seq: 42, sha256, kind: 'records' }
  const copied = { ...said, path: `/x/${name}`, device: undefined, date: undefined }
  assert.deepEqual(parseObjectName(`/x/${name}`, name), copied)
  for (const path of [`/x/laptop/2026-11-22/${name}`, `C:\\x\\laptop\\2026-11-22\\${name}`])
    assert.deepEqual(parseObjectName(path, name), { ...said, path, device: 'laptop', date: '2026-11-22' })
  const picture = `000000000043-${sha256}.screenshot.jpg.age`
  assert.equal(parseObjectName(picture, picture)?.kind, 'screenshot')
})

for (const name of [
  'notes.txt',
  `42-${sha256}.records.ndjson.zst.age`,
  `000000000042-${sha256}.records.ndjson.zst`,
  `000000000042-${sha256}.records.ndjson.gz.age`,
  `000000000042-${sha256}.screenshot.png.age`,
])
  test(`${name} is no object of a tracker`, () => assert.equal(parseObjectName(name, name), undefined))

test('a copy under another date comes too, and one in the same place comes with the first', async () => {
  const object = { ...toObject(1), device: 'laptop', date: '2026-11-22' }
  const moved = { ...object, date: '2026-11-23' }
  const folders = [[object], [{ ...object, path: 'elsewhere' }], [moved]].map(objects => ({
    first: 1,
    list: async () => [...objects],
  }))
  const found: OrderedObject[] = []
  for await (const each of inOrder(folders)) found.push(each)
  assert.deepEqual(found.map(({ date, copies }) => [date, copies]).sort(), [
    ['2026-11-22', ['elsewhere']],
    ['2026-11-23', []],
  ])
})

test('property: however they are spread over folders, objects come in order, each once, and folders late', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(500), { minLength: 1 }),
      fc.array(fc.nat(6), { minLength: 500, maxLength: 500 }),
      async (seqs, places) => {
        const days = Map.groupBy(seqs.map(toObject), ({ seq }) => places[seq])
        let openedEarly = 0
        let at = -1
        const folders = [...days.values()].map(objects => ({
          first: Math.min(...objects.map(({ seq }) => seq)),
          async list() {
            const first = Math.min(...objects.map(({ seq }) => seq))
            if (at >= 0 && seqs.some(seq => seq > at && seq < first)) openedEarly++
            return [...objects]
          },
        }))
        // The same folder named twice on the command line.
        const found: number[] = []
        for await (const { seq } of inOrder([...folders, ...folders.slice(0, 1)])) {
          at = seq
          found.push(seq)
        }
        assert.deepEqual(
          found,
          seqs.toSorted((a, b) => a - b),
        )
        assert.equal(openedEarly, 0)
      },
    ),
  ))

function toObject(seq: number): NamedObject {
  return { path: `${seq}`, name: `${seq}`, seq, sha256, kind: 'records', device: undefined, date: undefined }
}
