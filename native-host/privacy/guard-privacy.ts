import type { Confirmation } from '../../protocol/confirmation.ts'
import { consentVersion } from '../../protocol/consent.ts'
import { AppError } from '../../protocol/errors.ts'
import type { Entry } from '../../protocol/records.ts'
import {
  carried,
  parseSettingValue,
  type SettingName,
  type Settings,
  weakens,
} from '../../protocol/settings.ts'
import type { SettingsStore } from '../config/ports.ts'
import { createTurns } from '../kernel/in-turn.ts'
import { isoOf } from '../kernel/instants.ts'
import type { Clock, Log, Memory } from '../kernel/ports.ts'
import type { Asker } from './asker.ts'
import type { Notice, PrivacyFacts } from './ports.ts'
import { recordedSetting } from './recorded-setting.ts'
import {
  announcedInstead,
  announcementOf,
  joinWeakenings,
  nameOf,
  remember,
  toRestore,
  type Weakening,
} from './weakening.ts'

/**
 * A change from a browser that weakens protection is announced on the desktop before it takes effect. Where
 * nothing can be announced, it waits for the person. A change from a terminal takes effect at once, and is
 * announced where possible. A change that protects more, a pause and a withdrawn consent are never delayed.
 */
export type PrivacyGuard = {
  /** @throws AppError CONFIRMATION_* for a browser, and as storing settings does */
  changeSetting<K extends SettingName>(name: K, value: Settings[K], asker: Asker): Promise<void>
  /** @throws AppError CONFIRMATION_* for a browser, CONSENT_NEEDED and as storing does */
  agree(textVersion: number, asker: Asker): Promise<void>
  /** Reverts the last weakening. @throws AppError NOTHING_TO_UNDO and as storing does */
  undo(by: string): Promise<void>
}

type Ports = {
  clock: Clock
  settings: SettingsStore
  memory: Memory<PrivacyFacts>
  notice: Notice
  log: Log
  note: (entry: Entry) => void
  consent: { isGiven(): boolean; give(textVersion: number, by: string): void; withdraw(by: string): void }
  /** Asks the person, who may `allow` it later. Throws when asking is not possible either. */
  propose: (weakenings: readonly Weakening[], by: string, allow: () => Promise<void>) => Confirmation
}

/** `latest`: of several values of one setting only the last was announced, and only that one takes effect. */
type Told = { announced: boolean; together: readonly Weakening[]; latest: readonly Weakening[] }
type Batch = { weakenings: Weakening[]; told: Promise<Told> }

/** Changes within this time are announced together. */
const gatherMs = 300
/** Changes this soon after an announcement replace it on the desktop, and are undone with it. */
const momentMs = 10_000

type State = {
  ports: Ports
  signal: AbortSignal
  /** By client. */
  gathering: Map<string, Batch>
  /** A value must be judged against the very value that it replaces. */
  inTurn: ReturnType<typeof createTurns>
  last: { by: string; atMs: number; id: string; weakenings: readonly Weakening[] } | undefined
}

export function createPrivacyGuard(ports: Ports, signal: AbortSignal): PrivacyGuard {
  const { settings, consent } = ports
  const state: State = { ports, signal, gathering: new Map(), inTurn: createTurns(), last: undefined }
  return {
    async changeSetting(name, value, asker) {
      const isWeaker = () => weakens(name, settings.current.value[name], value)
      const changed =
        !isWeaker() &&
        (await state.inTurn(async () => {
          if (isWeaker()) return false
          await change(ports, name, value, asker.name)
          return true
        }))
      if (changed) return
      await weaken(state, { kind: 'setting', name, from: settings.current.value[name], to: value }, asker)
    },

    async agree(textVersion, asker) {
      if (textVersion !== consentVersion)
        throw new AppError('CONSENT_NEEDED', { detail: 'the text has changed' })
      if (!consent.isGiven()) await weaken(state, { kind: 'consent', text_version: textVersion }, asker)
    },

    undo: by => state.inTurn(() => undo(state, by)),
  }
}

async function undo(state: State, by: string): Promise<void> {
  const { memory, settings, note, consent } = state.ports
  const known = memory.get('weakened') ?? []
  const latest = known.at(-1)
  if (!latest) throw new AppError('NOTHING_TO_UNDO')
  for (const { name, value } of toRestore(latest, settings.current.value))
    await change(state.ports, name, parseSettingValue(name, value), by)
  note({ kind: 'weakening.undone', what: latest.weakenings.map(nameOf), by })
  memory.set('weakened', known.slice(0, -1))
  state.last = undefined
  if (latest.weakenings.some(({ kind }) => kind === 'consent')) consent.withdraw(by)
}

async function weaken(state: State, weakening: Weakening, { name: by, viaBrowser }: Asker): Promise<void> {
  if (!viaBrowser) {
    await apply(state, weakening, by)
    // The change came from a terminal: it need not wait for the announcement.
    gather(state, weakening, by).catch(() => undefined)
    return
  }
  const { announced, together, latest } = await gather(state, weakening, by)
  // Equal questions of requests that came together are one.
  if (!announced) {
    const { code } = state.ports.propose(together, by, () => allow(state, together, by))
    throw new AppError('CONFIRMATION_WAITS', { detail: code })
  }
  if (latest.includes(weakening)) await apply(state, weakening, by)
}

/** @throws as storing does */
async function allow(state: State, weakenings: readonly Weakening[], by: string): Promise<void> {
  for (const weakening of weakenings) await apply(state, weakening, by)
}

/** Resolves with whether it was announced, together with all requests of the same program in this moment. */
function gather(state: State, weakening: Weakening, by: string): Promise<Told> {
  const { gathering, signal } = state
  const open = gathering.get(by)
  if (open) {
    open.weakenings.push(weakening)
    return open.told
  }
  const weakenings = [weakening]
  const told = state.ports.clock.sleep(gatherMs, signal).then(async () => {
    gathering.delete(by)
    const together = joinWeakenings([], weakenings)
    const latest = [...new Map(weakenings.map(one => [nameOf(one), one])).values()]
    return { announced: await announce(state, together, by), together, latest }
  })
  gathering.set(by, { weakenings, told })
  return told
}

async function announce(state: State, together: readonly Weakening[], by: string): Promise<boolean> {
  const { clock, notice, log, note } = state.ports
  const before = momentBefore(state, by)
  const all = announcedInstead(before?.weakenings ?? [], together)
  const id = await notice.announce(announcementOf(by, all), before?.id)
  if (id === undefined) {
    log({ event: 'weakening-not-announced', count: together.length })
    return false
  }
  state.last = { by, id, weakenings: all, atMs: clock.monotonicMs() }
  note({ kind: 'weakening.announced', what: together.map(nameOf), by })
  return true
}

function momentBefore({ last, ports: { clock } }: State, by: string): State['last'] {
  return last?.by === by && clock.monotonicMs() - last.atMs < momentMs ? last : undefined
}

function apply({ ports, inTurn }: State, weakening: Weakening, by: string): Promise<void> {
  const { settings, consent } = ports
  // Remembered first: a change that cannot be undone must not take effect.
  return inTurn(async () => {
    if (weakening.kind === 'consent') {
      keepForUndo(ports, weakening, by)
      return consent.give(weakening.text_version, by)
    }
    const { name } = weakening
    // The person may have strengthened it since the request.
    const from = settings.current.value[name]
    const to = carried(name, weakening.from, weakening.to, from)
    if (weakens(name, from, to)) keepForUndo(ports, { ...weakening, from, to }, by)
    await change(ports, name, parseSettingValue(name, to), by)
  })
}

function keepForUndo({ memory, clock }: Ports, weakening: Weakening, by: string): void {
  const known = memory.get('weakened') ?? []
  const latest = known.at(-1)
  const at = isoOf(clock.now())
  const sameMoment =
    latest?.by === by && Math.abs(Date.parse(at) - Date.parse(latest.at)) < momentMs ? latest : undefined
  const weakenings = joinWeakenings(sameMoment?.weakenings ?? [], [weakening])
  memory.set('weakened', remember(sameMoment ? known.slice(0, -1) : known, { at, by, weakenings }))
}

async function change<K extends SettingName>(
  { settings, note }: Ports,
  name: K,
  value: Settings[K],
  by: string,
): Promise<void> {
  await settings.change(name, value)
  note({ kind: 'setting.changed', name, value: recordedSetting(name, value), by })
}
