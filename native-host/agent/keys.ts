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
import { createTurns } from '../kernel/in-turn.ts'
import type { Memory } from '../kernel/ports.ts'
import { createSignal, type ReadonlySignal, type Signal } from '../kernel/signals.ts'
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

type KeysMemory = Memory<KeyFacts & Pick<TrackingFacts, 'device_key'>>

type State = {
  places: Places
  memory: KeysMemory
  device: DeviceKey
  current: Signal<Status['keys']>
  problem: Signal<Problem | undefined>
  hindrance: Signal<Problem | undefined>
  /** Whether a tracker has been here before. */
  lived: boolean
  confirmed: ConfirmedKeys | undefined
  found: Found
  /** How the files were when they were last read; none before the first look. */
  read: string | undefined
}

/**
 * The keys in use. Files can be lost or changed by mistake. The recipients change only when a person confirms
 * it on this computer (docs/decisions/0030). Belongs to the agent's root.
 * @param isKnown whether the database is the one of an earlier start
 * @throws AppError DISK_FULL | STORE_NOT_WRITABLE | PLACE_NOT_SAFE
 */
export async function openKeys(places: Places, memory: KeysMemory, isKnown: boolean): Promise<Keys> {
  const current = createSignal<Status['keys']>({ recipients: [], identity_here: false, recovery_file: null })
  const problem = createSignal<Problem | undefined>(undefined)
  const hindrance = createSignal<Problem | undefined>(undefined)
  // Of a database that is known, whether anything was ever recorded; of a new one, what lies beside it.
  const lived = isKnown ? memory.get('device_key') !== undefined : hasLived(places)
  let confirmed = lastConfirmedOf(readConfirmed(places), recallConfirmed(memory))
  const isFirstStart = !confirmed && !lived
  if (isFirstStart) await ensureKeys(places)
  const device = await openDeviceKey(places)
  const found = await findKeys(places)
  // A release before this one kept no confirmed set, and wrote which key it signed with.
  const isOfEarlierRelease = isKnown && found.device !== null && found.device === memory.get('device_key')
  if (!confirmed && (isFirstStart || isOfEarlierRelease)) confirmed = adopt(found)
  const signals = { current, problem, hindrance }
  const state: State = { places, memory, device, ...signals, lived, confirmed, found, read: undefined }
  await settle(state)

  /** Two readings at once could end in the wrong order. */
  const inTurn = createTurns()
  return {
    ...signals,
    device,
    reload: () => inTurn(() => reload(state)),
    reloadIfChanged: () =>
      inTurn(async () => {
        if (stampOf(places) === state.read) return
        await untilWritten(places)
        await reload(state)
      }).catch(error => {
        problem.value = changeOf(state.confirmed, state.found) ?? toProblem(error)
      }),
    record: note => record(state, note),
  }
}

function record({ memory, confirmed, found }: State, note: (entry: Entry) => void): void {
  if (!confirmed) return
  const before = memory.get('keys')
  if (before && !isSameKeys(before, confirmed)) {
    note({ kind: 'keys.changed', state: 'confirmed', before: copy(before), after: copy(confirmed) })
    memory.set('keys_found', undefined)
  }
  memory.set('keys', copy(confirmed))
  if (describeKeyChanges(confirmed, found) === undefined) {
    memory.set('keys_found', undefined)
    return
  }
  const reported = memory.get('keys_found')
  if (reported && isSameKeys(reported, found)) return
  note({ kind: 'keys.changed', state: 'found', before: copy(confirmed), after: copy(found) })
  memory.set('keys_found', copy(found))
}

const betweenWritesMs = 300
/** Files that never rest are read as they are. */
const mostLooks = 5

/** A command writes two of them, one after the other, and between them they are no change to tell of. */
async function untilWritten(places: Places): Promise<void> {
  for (let looks = 0; looks < mostLooks; looks++) {
    const stamp = stampOf(places)
    await sleep(betweenWritesMs)
    if (stampOf(places) === stamp) return
  }
}

async function reload(state: State): Promise<void> {
  const { places } = state
  // Before the reading: what changes meanwhile is read again, and so is what could not be settled.
  const stamp = stampOf(places)
  state.read = undefined
  state.found = await findKeys(places)
  state.confirmed = lastConfirmedOf(readConfirmed(places), state.confirmed)
  if (!state.confirmed && !state.lived) state.confirmed = adopt(state.found)
  await settle(state)
  state.read = stamp
}

async function settle(state: State): Promise<void> {
  const { places, memory, device, lived, found, confirmed: before } = state
  // The first device key, made after the recipients were confirmed.
  if (before?.device === null)
    state.confirmed = succeedConfirmed(before, { ...before, device: device.publicKey })
  const here = await hasIdentity(places)
  const { confirmed } = state
  state.current.value = {
    recipients: [...(confirmed?.recipients ?? [])],
    identity_here: here,
    recovery_file: here ? places.identity : null,
  }
  state.problem.value = changeOf(confirmed, found)
  state.hindrance.value = confirmed ? undefined : hindranceOf(lived, found)
  if (!confirmed) return
  // The database first: a file that is behind it is rewritten, one that is ahead of it would be taken.
  memory.set('keys_confirmed', confirmed)
  await keepConfirmed(places, confirmed)
}

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
