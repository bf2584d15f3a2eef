import { setTimeout as sleep } from 'node:timers/promises'
import { type Problem, toProblem } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/records.ts'
import type { Status } from '../../protocol/status.ts'
import {
  type Found,
  findKeys,
  hasLived,
  keepConfirmed,
  lastConfirmedOf,
  readConfirmed,
  stampOf,
  succeedConfirmed,
} from '../adapters/seal/confirmed-keys.ts'
import { type DeviceKey, openDeviceKey } from '../adapters/seal/device-key.ts'
import { ensureKeys, hasIdentity } from '../adapters/seal/keys.ts'
import { recallConfirmed } from '../adapters/store/kept-keys.ts'
import { type ConfirmedKeys, describeKeyChanges, isSameKeys, type KeySet } from '../config/key-set.ts'
import type { KeyFacts } from '../config/ports.ts'
import type { Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal } from '../kernel/signals.ts'
import type { Places } from '../platform/files/places.ts'
import type { TrackingFacts } from '../tracking/ports.ts'

export type Keys = {
  /** For whom is sealed: always the confirmed set, before the files. */
  current: ReadonlySignal<Status['keys']>
  /** What the person is to know: the files say another thing than what was confirmed. */
  problem: ReadonlySignal<Problem | undefined>
  /** Why nothing may be recorded: there is no confirmed set. */
  hindrance: ReadonlySignal<Problem | undefined>
  device: DeviceKey
  /** Reads the files again, also what a command of this person confirmed. */
  reload(): Promise<void>
  /** The same if a file is other than when it was last read; looking costs next to nothing. What fails is the problem. */
  reloadIfChanged(): Promise<void>
  /** Reports to the journal what changed since the last report. Call it only with consent. */
  record(note: (entry: Entry) => void): void
}

/**
 * The keys in use. Files can be lost or changed by mistake. The recipients change only when a person confirms
 * it on this computer (docs/decisions/0030). Belongs to the agent's root.
 * @param isKnown whether the database is the one of an earlier start
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | PLACE_NOT_SAFE
 */
export async function openKeys(
  places: Places,
  memory: Memory<KeyFacts & Pick<TrackingFacts, 'device_key'>>,
  isKnown: boolean,
): Promise<Keys> {
  const current = createSignal<Status['keys']>({ recipients: [], identity_here: false, recovery_file: null })
  const problem = createSignal<Problem | undefined>(undefined)
  const hindrance = createSignal<Problem | undefined>(undefined)
  // Of a database that is known, whether anything was ever recorded; of a new one, what lies beside it.
  const lived = isKnown ? memory.get('device_key') !== undefined : hasLived(places)
  let confirmed = lastConfirmedOf(readConfirmed(places), recallConfirmed(memory))
  const isFirstStart = !confirmed && !lived
  if (isFirstStart) await ensureKeys(places)
  const device = await openDeviceKey(places)
  /** How the files were when they were last read; none before the first look. */
  let read: string | undefined
  /** One after the other: two readings at once could end in the wrong order. */
  let reading: Promise<void> = Promise.resolve()
  let found = await findKeys(places)
  if (!confirmed && (isFirstStart || isOfEarlierRelease(found))) confirmed = adopt(found)
  await settle()

  return {
    current,
    problem,
    hindrance,
    device,
    reload: () => inOrder(reload),
    reloadIfChanged: () =>
      inOrder(async () => {
        if (stampOf(places) === read) return
        await untilWritten()
        await reload()
      }).catch(error => {
        problem.value = changeOf(confirmed, found) ?? toProblem(error)
      }),
    record(note) {
      if (!confirmed) return
      const before = memory.get('keys')
      if (before && !isSameKeys(before, confirmed)) {
        note({ kind: 'keys.changed', state: 'confirmed', before: copy(before), after: copy(confirmed) })
        memory.set('keys_found', undefined)
      }
      memory.set('keys', copy(confirmed))
      if (describeKeyChanges(confirmed, found) === undefined) return memory.set('keys_found', undefined)
      const told = memory.get('keys_found')
      if (told && isSameKeys(told, found)) return
      note({ kind: 'keys.changed', state: 'found', before: copy(confirmed), after: copy(found) })
      memory.set('keys_found', copy(found))
    },
  }

  function inOrder(work: () => Promise<void>): Promise<void> {
    const mine = reading.then(work)
    reading = mine.catch(() => undefined)
    return mine
  }

  /** A command writes two of them, one after the other, and between them they are no change to tell of. */
  async function untilWritten(): Promise<void> {
    for (let looks = 0; looks < mostLooks; looks++) {
      const stamp = stampOf(places)
      await sleep(betweenWritesMs)
      if (stampOf(places) === stamp) return
    }
  }

  async function reload(): Promise<void> {
    // Before the reading: what changes meanwhile is read again, and so is what could not be settled.
    const stamp = stampOf(places)
    read = undefined
    found = await findKeys(places)
    confirmed = lastConfirmedOf(readConfirmed(places), confirmed)
    if (!confirmed && !lived) confirmed = adopt(found)
    await settle()
    read = stamp
  }

  /** A release before this one kept no confirmed set, and wrote which key it signed with. */
  function isOfEarlierRelease({ device }: Found): boolean {
    return isKnown && device !== null && device === memory.get('device_key')
  }

  async function settle(): Promise<void> {
    // The first device key, made after the recipients were confirmed.
    if (confirmed?.device === null)
      confirmed = succeedConfirmed(confirmed, { ...confirmed, device: device.publicKey })
    const here = await hasIdentity(places)
    current.value = {
      recipients: [...(confirmed?.recipients ?? [])],
      identity_here: here,
      recovery_file: here ? places.identity : null,
    }
    problem.value = changeOf(confirmed, found)
    hindrance.value = confirmed ? undefined : hindranceOf(lived, found)
    if (!confirmed) return
    // The database first: a file that is behind it is rewritten, one that is ahead of it would be taken.
    memory.set('keys_confirmed', confirmed)
    await keepConfirmed(places, confirmed)
  }
}

const betweenWritesMs = 300
/** Files that never rest are read as they are. */
const mostLooks = 5

/** undefined where there is no recipient. */
function adopt(found: Found): ConfirmedKeys | undefined {
  return found.recipients.length > 0 ? succeedConfirmed(undefined, found) : undefined
}

function changeOf(confirmed: KeySet | undefined, found: Found): Problem | undefined {
  const changes = confirmed && describeKeyChanges(confirmed, found)
  if (changes === undefined) return undefined
  const why = found.problem && found.problem.code !== 'NO_RECIPIENT' ? ` (${describe(found.problem)})` : ''
  return { code: 'KEYS_CHANGED', detail: changes + why }
}

function hindranceOf(lived: boolean, { problem }: Found): Problem {
  return !lived && problem ? toProblem(problem) : { code: 'KEYS_UNCONFIRMED' }
}

function describe(error: unknown): string {
  const { code, detail } = toProblem(error)
  return detail === undefined ? code : `${code}: ${detail}`
}

function copy({ recipients, identities, device }: KeySet) {
  return { recipients: [...recipients], identities: [...identities], device }
}
