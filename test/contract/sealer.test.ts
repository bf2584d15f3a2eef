import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { compressZstd, decompressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import {
  addRecipient,
  createIdentity,
  readIdentities,
  readRecipients,
} from '../../native-host/adapters/seal/keys.ts'
import { createSealer, openSealed } from '../../native-host/adapters/seal/seal-age.ts'
import type { Sealer } from '../../native-host/journal/ports.ts'
import { readSignedHead } from '../../native-host/journal/sealed-head.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { fakeSealer } from '../fakes.ts'
import { sealerContract } from './sealer-contract.ts'

/** The age of the system (apt install age), which knows nothing of this project. */
async function age(...args: string[]): Promise<Buffer> {
  return (await promisify(execFile)('age', args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 })).stdout
}

let folder: string
const file = (name: string) => join(folder, name)
const identityFile = (n: number) => file(`identity-${n}.txt`)
const places = () => placesOf({ ACTIVITY_TRACKER_HOME: join(folder, 'home') })

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'at-sealer-'))
  for (const n of [0, 1, 2]) await createIdentity(places(), { file: identityFile(n) })
})
after(() => rm(folder, { recursive: true }))

async function makeSealer(recipients = 3) {
  return createSealer(createSignal((await readRecipients(places())).slice(0, recipients)))
}

async function save(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(file(name), bytes)
  return file(name)
}

sealerContract('age, opened by us', {
  make: makeSealer,
  open: async (sealed, n) => openSealed(sealed, await readIdentities(identityFile(n))),
})

sealerContract('age, opened by the age of the system with our recovery file', {
  make: makeSealer,
  open: async (sealed, n) =>
    age('--decrypt', '--identity', identityFile(n), await save('object.age', sealed)),
})

sealerContract('age with a signed head in its header, opened by the age of the system', {
  make: async recipients =>
    claiming(
      createSealer(createSignal((await readRecipients(places())).slice(0, recipients)), {
        device: 'device-1',
        key: await openDeviceKey({ deviceKey: file('device-key.pem') }),
      }),
    ),
  open: async (sealed, n) => {
    assert.equal(readSignedHead(sealed)?.seq, 90)
    return age('--decrypt', '--identity', identityFile(n), await save('object.age', sealed))
  },
})

/** The head that the contract does not ask for goes with everything. */
function claiming(sealer: Sealer): Sealer {
  const reached = { seq: 90, hash: 'ab'.repeat(32) }
  const claim = {
    ...{ number: 7, date: '2026-11-22', kind: 'records' as const },
    ...{ before: reached, reached },
  }
  return {
    ...sealer,
    seal: bytes => sealer.seal(bytes, claim),
    sealToReopen: bytes => sealer.sealToReopen(bytes, claim),
  }
}

sealerContract('fake', {
  async make(recipients) {
    return fakeSealer(Array.from({ length: recipients }, (_, n) => `age1fake${n}`))
  },
  open: async sealed => new TextEncoder().encode(fakeSealer().opened(sealed)),
})

describe('the age of the system', () => {
  for (const length of [0, 17, 65_536, 300_000]) {
    test(`seals ${length} bytes for our recipients file, and we open it`, async () => {
      const bytes = Buffer.alloc(length, 'x')
      await age('--encrypt', '-R', places().recipients, '-o', file('theirs.age'), await save('plain', bytes))
      for (const n of [0, 1, 2]) {
        const opened = await openSealed(
          await readFile(file('theirs.age')),
          await readIdentities(identityFile(n)),
        )
        assert.ok(Buffer.from(opened).equals(bytes))
      }
    })
  }

  test('makes an identity and a recipient that work here', async () => {
    await promisify(execFile)('age-keygen', ['-o', file('theirs.txt')])
    const [, recipient = ''] = /public key: (age1\w+)/.exec(await readFile(file('theirs.txt'), 'utf8')) ?? []
    await addRecipient(places(), recipient)
    const sealed = await (await makeSealer(4)).seal(Buffer.from('for you'))
    const opened = await openSealed(sealed, await readIdentities(file('theirs.txt')))
    assert.equal(Buffer.from(opened).toString(), 'for you')
  })

  test('refuses what was cut or changed, as we do', async () => {
    const sealed = await (await makeSealer(1)).seal(Buffer.alloc(150_000, 'x'))
    const changed = (at: number) => sealed.map((byte, index) => (index === at ? byte ^ 1 : byte))
    const headerEnd = Buffer.from(sealed).indexOf('\n---')
    const damaged: [name: string, bytes: Uint8Array][] = [
      ['nothing', new Uint8Array(0)],
      ['half a header', sealed.subarray(0, headerEnd - 20)],
      ['only the header', sealed.subarray(0, headerEnd + 60)],
      ['cut in the middle', sealed.subarray(0, 100_000)],
      ['cut where a chunk ends', sealed.subarray(0, sealed.length - ((150_000 % 65_536) + 16))],
      ['without its last byte', sealed.subarray(0, -1)],
      ['with a byte more', Buffer.concat([sealed, Buffer.from('x')])],
      ['a bit of the recipient', changed(40)],
      ["a bit of the header's seal", changed(headerEnd + 10)],
      ['a bit in the middle', changed(80_000)],
      ['the last bit', changed(sealed.length - 1)],
    ]
    const identities = await readIdentities(identityFile(0))
    for (const [name, bytes] of damaged) {
      await assert.rejects(openSealed(bytes, identities), { code: 'OPEN_FAILED' }, name)
      await assert.rejects(age('-d', '-i', identityFile(0), await save('bad.age', bytes)), Error, name)
    }
  })

  test('opens a journal segment as it is delivered: lines, compressed, sealed', async () => {
    const lines = new TextEncoder().encode('{"seq":1}\n{"seq":2}\n')
    const sealed = await (await makeSealer()).seal(await compressZstd(lines))
    const opened = await age('-d', '-i', identityFile(2), await save('segment.age', sealed))
    assert.deepEqual(new Uint8Array(await decompressZstd(opened, 1000)), lines)
  })
})
