import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Command } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { fakeMemory } from '../../test/fakes-storage.ts'
import { createIdentity } from '../adapters/seal/keys.ts'
import { openKeys } from '../agent/keys.ts'
import type { CommandContext } from '../commands/context.ts'
import { addDoctor } from '../commands/doctor.ts'
import { text } from '../commands/text.ts'
import { type Places, placesOf } from '../platform/files/places.ts'
import { keyAccess } from './cli-keys.ts'

/** The line of the doctor about keys, without a tracker. */
async function doctorSays(places: Places): Promise<string> {
  const out: string[] = []
  const context = {
    terminal: { out: async (lines: readonly string[]) => void out.push(...lines) },
    keys: keyAccess(places),
    agent: { connect: () => Promise.reject(new AppError('AGENT_UNREACHABLE')) },
    doctor: {
      unguarded: [],
      computer: async () => ({}),
      freeBytes: async () => 1,
      ignoredVariables: async () => [],
      testConnection: async (onReport: (report: object) => void) => onReport({ steps: [], ended: true }),
    },
  }
  const program = new Command().option('--json').exitOverride()
  // Only what it asks for is there.
  addDoctor(program, context as unknown as CommandContext)
  await program.parseAsync(['doctor', '--json'], { from: 'user' }).catch(() => undefined)
  const { checks } = JSON.parse(out.join('\n'))
  return checks.find(({ name }: { name: string }) => name === 'Keys').found
}

type Makes = keyof typeof text.keys.firstStartMakes

const states: [what: string, prepare: (places: Places) => unknown, makes: Makes | 'nothing'][] = [
  ['nothing is there', () => undefined, 'an identity'],
  [
    'an identity is there without its list',
    async places => {
      await createIdentity(places)
      rmSync(places.recipients)
    },
    'the list of recipients',
  ],
  [
    'a file of that name is no identity',
    async places => {
      await createIdentity(places)
      rmSync(places.recipients)
      writeFileSync(places.identity, 'notes\n')
    },
    'an identity',
  ],
  ['keys new was run', places => keyAccess(places).create(undefined), 'nothing'],
]
for (const [what, prepare, makes] of states)
  test(`doctor and keys show say what the first start makes where ${what}: ${makes}`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'at-'))
    try {
      const places = placesOf({ ACTIVITY_TRACKER_HOME: join(root, 'tracker') })
      await prepare(places)
      const doctor = await doctorSays(places)
      const shown = keyAccess(places).show()
      if (makes === 'nothing')
        assert.deepEqual([doctor, (await shown).recipients.length], [text.doctor.keys(1), 1])
      else {
        const detail = text.keys.firstStartMakes[makes]
        assert.equal(doctor, detail)
        await assert.rejects(shown, { code: 'NO_RECIPIENT', detail })
      }

      const [identity, list] = [textAt(places.identity), textAt(places.recipients)]
      await openKeys(places, fakeMemory(), false)
      assert.equal(textAt(places.identity) !== identity, makes === 'an identity')
      assert.equal(textAt(places.recipients) !== list, makes !== 'nothing')
      assert.equal((await keyAccess(places).show()).recipients.length, 1)
      assert.equal(await doctorSays(places), text.doctor.keys(1))
    } finally {
      rmSync(root, { recursive: true })
    }
  })

function textAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
