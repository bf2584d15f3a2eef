import { hash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { compressZstd, decompressZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { readIdentities, readRecipients } from '../../native-host/adapters/seal/keys.ts'
import { createSealer, openSealed } from '../../native-host/adapters/seal/seal-age.ts'
import { linkOf } from '../../native-host/journal/chain-link.ts'
import { createSignal } from '../../native-host/kernel/signals.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import type { JournalRecord } from '../../protocol/records.ts'

/** A forger who can open and seal what the tracker can, and has a device key of their own making. */
export async function createForger(home: string, identity: string) {
  const places = placesOf({ ACTIVITY_TRACKER_HOME: home })
  const identities = await readIdentities(identity)
  const recipients = createSignal(await readRecipients(places))
  const key = await openDeviceKey({ deviceKey: `${home}/forger/device-key.pem` })
  return {
    /** Puts other lines into the segment, sealed and named as it should be, and signed with the other key. */
    async reseal(path: string, change: (lines: string) => string): Promise<void> {
      const lines = await decompressZstd(await openSealed(await readFile(path), identities), 1e8)
      const changed = change(new TextDecoder().decode(lines))
      const [first, last] = [changed.split('\n')[0] ?? '', changed.trimEnd().split('\n').at(-1) ?? '']
      const [from, to] = [JSON.parse(first) as JournalRecord, JSON.parse(last) as JournalRecord]
      const sealer = createSealer(recipients, { device: 'device-under-test', key })
      const sealed = await sealer.seal(await compressZstd(new TextEncoder().encode(changed)), {
        ...{ number: Number(basename(path).slice(0, 12)), date: basename(dirname(path)), kind: 'records' },
        before: { seq: from.seq - 1, hash: from.prev },
        reached: { seq: to.seq, hash: linkOf(last, to, text => hash('sha256', text)) },
      })
      await writeFile(path, sealed)
      await rename(path, path.replace(/[0-9a-f]{64}/, hash('sha256', sealed)))
    },
  }
}
