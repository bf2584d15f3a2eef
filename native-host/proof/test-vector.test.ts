import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseProof } from '../../protocol/proof.ts'
import { check } from '../../test/support/proofs.ts'
import { fingerprintOf, readFingerprint } from './fingerprint.ts'
import { readHeadLines } from './received-lines.ts'

/** A small proof of November 2026, which every later version has to read in the same way. */
const folder = join(import.meta.dirname, '../../test/fixtures/proof')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

test('the proof that is kept has its fingerprint, and holds', async () => {
  const data = read('data.txt')
  assert.equal(fingerprintOf(hash('sha256', data)), readFingerprint(read('fingerprint.txt')))
  const bundle = parseProof(data)
  assert.ok(bundle)
  const { heads, bad } = readHeadLines(read('received.txt'))
  assert.deepEqual([heads.length, bad], [1, 0])
  const { found, devices } = await check(bundle, heads)
  assert.equal(found, 0)
  assert.deepEqual(
    devices.map(({ device, segments, missing, pictures, shownTo, boundTo }) => ({
      ...{ device, segments, missing, pictures: pictures.length, shownTo, boundTo },
    })),
    [
      {
        device: 'clara',
        segments: { shown: 12, withheld: 7 },
        missing: 0,
        pictures: 2,
        shownTo: '2026-11-23T08:16:00.000Z',
        boundTo: '2026-11-23T08:16:00.000Z',
      },
    ],
  )
  assert.deepEqual(
    devices[0]?.days.map(({ date, totals: { active, flagged, paused } }) => ({
      date,
      active,
      flagged,
      paused,
    })),
    [{ date: '2026-11-23', active: 360, flagged: 72, paused: 240 }],
  )
})
