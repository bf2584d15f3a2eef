import { type Problem, toProblem } from '../protocol/errors.ts'
import type { Entry } from '../protocol/records.ts'
import type { Status } from '../protocol/status.ts'
import type { Places } from './adapters/base/places.ts'
import {
  type Found,
  findKeys,
  hasLived,
  keepConfirmed,
  readConfirmed,
} from './adapters/seal/confirmed-keys.ts'
import { type DeviceKey, openDeviceKey } from './adapters/seal/device-key.ts'
import { ensureKeys, hasIdentity } from './adapters/seal/keys.ts'
import { createCell, type ReadonlyCell } from './core/cell.ts'
import { describeKeyChanges, isSameKeys, type KeySet } from './core/key-set.ts'
import type { Memory } from './ports.ts'

export type Keys = {
  /** For whom is sealed: always the confirmed set, whatever the files say. */
  current: ReadonlyCell<Status['keys']>
  /** What the person is to know: the files say another thing than what was confirmed. */
  problem: ReadonlyCell<Problem | undefined>
  /** Why nothing may be recorded: there is no confirmed set. */
  hindrance: ReadonlyCell<Problem | undefined>
  device: DeviceKey
  /** Reads the files anew, also what a command of this person confirmed. */
  reload(): Promise<void>
  /** Tells the journal what changed since it was last told. To be called when there is consent. */
  record(note: (entry: Entry) => void): void
}

/**
 * Whose keys count. Files can be lost, or be changed by mistake; who can open what is recorded does not change with them
 * before a person has confirmed it on this computer (docs/decisions/0030). Belongs to the agent's root.
 * @param isKnown whether the database is the one of an earlier start
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | PLACE_NOT_SAFE
 */
export async function openKeys(places: Places, memory: Memory, isKnown: boolean): Promise<Keys> {
  const current = createCell<Status['keys']>({ recipients: [], identity_here: false, recovery_file: null })
  const problem = createCell<Problem | undefined>(undefined)
  const hindrance = createCell<Problem | undefined>(undefined)
  // Of a database that is known, whether anything was ever recorded; of a new one, what lies beside it.
  const lived = isKnown ? memory.recall('device_key') !== undefined : hasLived(places)
  let confirmed = readConfirmed(places) ?? memory.recall('keys')
  const isFirstStart = !confirmed && !lived
  if (isFirstStart) await ensureKeys(places)
  const device = await openDeviceKey(places)
  let found = await findKeys(places)
  if (!confirmed && (isFirstStart || isOfEarlierRelease(found))) confirmed = adopt(found)
  await settle()

  return {
    current,
    problem,
    hindrance,
    device,
    async reload() {
      found = await findKeys(places)
      confirmed = readConfirmed(places) ?? confirmed
      if (!confirmed && !lived) confirmed = adopt(found)
      await settle()
    },
    record(note) {
      if (!confirmed) return
      const before = memory.recall('keys')
      if (before && !isSame(before, confirmed)) {
        note({ kind: 'keys.changed', state: 'confirmed', before: copy(before), after: copy(confirmed) })
        memory.keep('keys_found', undefined)
      }
      memory.keep('keys', copy(confirmed))
      if (describeKeyChanges(confirmed, found) === undefined) return memory.keep('keys_found', undefined)
      const told = memory.recall('keys_found')
      if (told && isSame(told, found)) return
      note({ kind: 'keys.changed', state: 'found', before: copy(confirmed), after: copy(found) })
      memory.keep('keys_found', copy(found))
    },
  }

  /** A release before this one kept no confirmed set, and wrote which key it signed with. */
  function isOfEarlierRelease({ device }: Found): boolean {
    return isKnown && device !== null && device === memory.recall('device_key')
  }

  async function settle(): Promise<void> {
    // The first device key, made after the recipients were confirmed.
    if (confirmed?.device === null) confirmed = { ...confirmed, device: device.publicKey }
    if (confirmed) await keepConfirmed(places, confirmed)
    const here = await hasIdentity(places)
    current.set({
      recipients: [...(confirmed?.recipients ?? [])],
      identity_here: here,
      recovery_file: here ? places.identity : null,
    })
    problem.set(changeOf(confirmed, found))
    hindrance.set(confirmed ? undefined : hindranceOf(lived, found))
  }
}

/** undefined where there is nobody to seal for. */
function adopt(found: Found): KeySet | undefined {
  return found.recipients.length > 0 ? copy(found) : undefined
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

function isSame(one: KeySet, other: KeySet): boolean {
  return one.device === other.device && isSameKeys(one, other) && isSameKeys(other, one)
}

function copy({ recipients, identities, device }: KeySet) {
  return { recipients: [...recipients], identities: [...identities], device }
}
