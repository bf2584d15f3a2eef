import { hash } from 'node:crypto'
import { basename } from 'node:path'
import type { DeliveredAccess } from '../../native-host/commands/context.ts'
import { verifyDelivered } from '../../native-host/commands/verify.ts'
import { placesOf } from '../../native-host/platform/files/places.ts'
import { deliveredAccess } from '../../native-host/programs/cli-delivered.ts'
import type { SetFinding } from '../../native-host/verify/compare-devices.ts'
import { inOrder, parseObjectName } from '../../native-host/verify/object-order.ts'
import type { Finding } from '../../native-host/verify/verify-records.ts'
import type { Bucket } from './forger.ts'

/** `activity-tracker verify`, without a process of its own. What was opened once is not opened again. */
export function createVerifier(identity: string) {
  const real = deliveredAccess(placesOf({}), { terminal, signal: new AbortController().signal })
  const key = (sealed: Uint8Array) => hash('sha256', sealed)
  const opening = real.opener([identity]).then(({ records, check, ...others }) => ({
    ...others,
    records: remembering(key, records),
    check: remembering(key, check),
  }))
  const kept: DeliveredAccess = {
    ...real,
    isSigned: remembering(head => JSON.stringify(head), real.isSigned),
    opener: () => opening,
  }
  type At = { given?: readonly string[]; now: Temporal.Instant }
  const verify = async (delivered: DeliveredAccess, paths: string[], { given = [], now }: At) => {
    const context = { delivered, terminal, now: () => now, signal: new AbortController().signal }
    const { devices, findings } = await verifyDelivered(paths, { given }, context)
    const all: (Finding | SetFinding)[] = [...findings, ...devices.flatMap(device => device.findings)]
    return { devices, all, kinds: [...new Set(all.map(({ kind }) => kind))] }
  }
  return {
    folder: (path: string, at: At) => verify(kept, [path], at),
    bucket: (bucket: Bucket, at: At) => verify(inMemory(kept, bucket), [], at),
  }
}

const terminal = {
  out: async () => undefined,
  write: async () => undefined,
  err: () => undefined,
  show: () => undefined,
  interactive: false,
  overwrites: false,
  hush: () => ({ [Symbol.asyncDispose]: async () => undefined }),
  ask: async () => '',
  askSecret: async () => '',
}

/** As if it lay in a folder; thousands of folders would take long. */
function inMemory(access: DeliveredAccess, bucket: Bucket): DeliveredAccess {
  const byDevice = Map.groupBy(bucket.keys(), path => path.split('/')[0] ?? '')
  return {
    ...access,
    async *contents(objects) {
      for await (const object of objects)
        yield { object, sealed: bucket.get(object.path) ?? new Uint8Array() }
    },
    find: async () => ({
      passedOver: () => [],
      devices: [...byDevice].map(([device, paths]) => {
        const objects = paths.flatMap(path => parseObjectName(path, basename(path)) ?? [])
        const first = Math.min(...objects.map(({ seq }) => seq))
        return {
          device,
          person: '',
          count: objects.length,
          bytes: undefined,
          objects: () => inOrder([{ first, list: async () => objects }]),
        }
      }),
    }),
  }
}

function remembering<A extends unknown[], T>(keyOf: (...args: A) => string, ask: (...args: A) => T) {
  const known = new Map<string, T>()
  return (...args: A): T => {
    const key = keyOf(...args)
    const kept = known.get(key)
    if (kept !== undefined) return kept
    const answer = ask(...args)
    known.set(key, answer)
    return answer
  }
}
