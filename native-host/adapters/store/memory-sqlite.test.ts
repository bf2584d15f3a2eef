import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openStateDatabase } from '../../../test/contract/state-database.ts'
import type { KeptFacts } from './kept-facts.ts'
import { openMemory } from './memory-sqlite.ts'

describe('a fact that cannot be read is not known, and can be kept again', () => {
  const rows: { key: keyof KeptFacts; stored: string }[] = [
    { key: 'device', stored: 'not JSON' },
    { key: 'device', stored: '""' },
    { key: 'device', stored: '7' },
    { key: 'consent', stored: '{"text_version":1}' },
    { key: 'consent', stored: '{"text_version":-1,"at":"2026-11-22T10:00:00.000Z"}' },
    { key: 'pause', stored: '{"since":"yesterday","until":null}' },
    { key: 'delivered', stored: 'null' },
    { key: 'delivered', stored: '{"count":1.5,"last":"2026-11-22T10:00:00.000Z"}' },
    { key: 'last_screenshot', stored: '"soon"' },
    { key: 'running', stored: '[]' },
  ]
  for (const { key, stored } of rows)
    test(`${key}: ${stored}`, () => {
      using world = openStateDatabase()
      world.db.prepare('INSERT INTO fact (key, value) VALUES (?, ?)').run(key, stored)
      const memory = openMemory(world.db)
      assert.equal(memory.get(key), undefined)
      memory.set('device', 'laptop')
      assert.equal(memory.get('device'), 'laptop')
    })
})
