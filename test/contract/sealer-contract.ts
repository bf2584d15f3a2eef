import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Sealer } from '../../native-host/journal/ports.ts'

export type SealerWorld = {
  /** For so many recipients. */
  make(recipients: number): Promise<Sealer>
  /** As the holder of the identity of recipient `n`, counted from 0. */
  open(sealed: Uint8Array, n: number): Promise<Uint8Array>
}

/** What every sealer does. */
export function sealerContract(name: string, { make, open }: SealerWorld): void {
  describe(`sealer: ${name}`, () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000]) {
      test(`${length} bytes come back as they were`, async () => {
        const bytes = new TextEncoder().encode('x'.repeat(length))
        const sealer = await make(1)
        const opened = await open(await sealer.seal(bytes), 0)
        assert.ok(Buffer.from(opened).equals(bytes))
      })
    }

    test('each of several recipients alone can open it', async () => {
      const bytes = new TextEncoder().encode('what was recorded')
      const sealer = await make(3)
      assert.equal(sealer.recipients().length, 3)
      const sealed = await sealer.seal(bytes)
      for (const n of [0, 1, 2]) assert.deepEqual(new Uint8Array(await open(sealed, n)), bytes)
    })

    for (const length of [0, 1, 65_536, 300_000])
      test(`${length} bytes can be opened again by the process that sealed them, until it forgets the key`, async () => {
        const bytes = new TextEncoder().encode('x'.repeat(length))
        const sealer = await make(1)
        const { sealed, opener } = await sealer.sealToReopen(bytes)
        assert.ok(Buffer.from(await open(sealed, 0)).equals(bytes))
        assert.ok(Buffer.from(opener.open(sealed)).equals(bytes))
        opener.forget()
        assert.throws(() => opener.open(sealed), { code: 'OPEN_FAILED' })
      })

    test('what opens one opens no other, and none that was changed', async () => {
      const sealer = await make(1)
      const one = await sealer.sealToReopen(new TextEncoder().encode('one'))
      const two = await sealer.sealToReopen(new TextEncoder().encode('two'))
      assert.throws(() => one.opener.open(two.sealed), { code: 'OPEN_FAILED' })
      const changed = one.sealed.slice()
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
      assert.throws(() => one.opener.open(changed), { code: 'OPEN_FAILED' })
      assert.throws(() => one.opener.open(one.sealed.subarray(0, -1)), { code: 'OPEN_FAILED' })
    })

    test('nothing is sealed without a recipient', async () => {
      const sealer = await make(0)
      await assert.rejects(sealer.seal(new Uint8Array(1)), { code: 'NO_RECIPIENT' })
      await assert.rejects(sealer.sealToReopen(new Uint8Array(1)), { code: 'NO_RECIPIENT' })
    })
  })
}
