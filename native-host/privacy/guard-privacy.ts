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

export function createPrivacyGuard(ports: Ports, signal: AbortSignal): PrivacyGuard {
  const { clock, settings, memory, notice, log, note, consent, propose } = ports
  const gathering = new Map<string, Batch>()
  /** A value must be judged against the very value that it replaces. */
  const inTurn = createTurns()
  let last: { by: string; atMs: number; id: string; weakenings: readonly Weakening[] } | undefined

  return {
    async changeSetting(name, value, asker) {
      const isWeaker = () => weakens(name, settings.current.value[name], value)
      const changed =
        !isWeaker() &&
        (await inTurn(async () => {
          if (isWeaker()) return false
          await change(name, value, asker.name)
          return true
        }))
      if (changed) return
      await weaken({ kind: 'setting', name, from: settings.current.value[name], to: value }, asker)
    },

    async agree(textVersion, asker) {
      if (textVersion !== consentVersion)
        throw new AppError('CONSENT_NEEDED', { detail: 'the text has changed' })
      if (!consent.isGiven()) await weaken({ kind: 'consent', text_version: textVersion }, asker)
    },

    undo: by => inTurn(() => undo(by)),
  }

  async function undo(by: string): Promise<void> {
    const known = memory.get('weakened') ?? []
    const latest = known.at(-1)
    if (!latest) throw new AppError('NOTHING_TO_UNDO')
    for (const { name, value } of toRestore(latest, settings.current.value))
      await change(name, parseSettingValue(name, value), by)
    note({ kind: 'weakening.undone', what: latest.weakenings.map(nameOf), by })
    memory.set('weakened', known.slice(0, -1))
    last = undefined
    if (latest.weakenings.some(({ kind }) => kind === 'consent')) consent.withdraw(by)
  }

  async function weaken(weakening: Weakening, { name: by, viaBrowser }: Asker): Promise<void> {
    if (!viaBrowser) {
      await apply(weakening, by)
      // The change came from a terminal: it need not wait for the announcement.
      gather(weakening, by).catch(() => undefined)
      return
    }
    const { announced, together, latest } = await gather(weakening, by)
    // Equal questions of requests that came together are one.
    if (!announced) {
      const { code } = propose(together, by, () => allow(together, by))
      throw new AppError('CONFIRMATION_WAITS', { detail: code })
    }
    if (latest.includes(weakening)) await apply(weakening, by)
  }

  /** @throws as storing does */
  async function allow(weakenings: readonly Weakening[], by: string): Promise<void> {
    for (const weakening of weakenings) await apply(weakening, by)
  }

  /** Resolves with whether it was announced, together with all requests of the same program in this moment. */
  function gather(weakening: Weakening, by: string): Promise<Told> {
    const open = gathering.get(by)
    if (open) {
      open.weakenings.push(weakening)
      return open.told
    }
    const weakenings = [weakening]
    const told = clock.sleep(gatherMs, signal).then(async () => {
      gathering.delete(by)
      const together = joinWeakenings([], weakenings)
      const latest = [...new Map(weakenings.map(one => [nameOf(one), one])).values()]
      return { announced: await announce(together, by), together, latest }
    })
    gathering.set(by, { weakenings, told })
    return told
  }

  async function announce(together: readonly Weakening[], by: string): Promise<boolean> {
    const before = momentBefore(by)
    const all = announcedInstead(before?.weakenings ?? [], together)
    const id = await notice.announce(announcementOf(by, all), before?.id)
    if (id === undefined) {
      log({ event: 'weakening-not-announced', count: together.length })
      return false
    }
    last = { by, id, weakenings: all, atMs: clock.monotonicMs() }
    note({ kind: 'weakening.announced', what: together.map(nameOf), by })
    return true
  }

  function momentBefore(by: string) {
    return last?.by === by && clock.monotonicMs() - last.atMs < momentMs ? last : undefined
  }

  function apply(weakening: Weakening, by: string): Promise<void> {
    // Remembered first: a change that cannot be undone must not take effect.
    return inTurn(async () => {
      if (weakening.kind === 'consent') {
        rememberIt(weakening, by)
        return consent.give(weakening.text_version, by)
      }
      const { name } = weakening
      // The person may have strengthened it since the request.
      const from = settings.current.value[name]
      const to = carried(name, weakening.from, weakening.to, from)
      if (weakens(name, from, to)) rememberIt({ ...weakening, from, to }, by)
      await change(name, parseSettingValue(name, to), by)
    })
  }

  function rememberIt(weakening: Weakening, by: string): void {
    const known = memory.get('weakened') ?? []
    const latest = known.at(-1)
    const at = isoOf(clock.now())
    const sameMoment =
      latest?.by === by && Math.abs(Date.parse(at) - Date.parse(latest.at)) < momentMs ? latest : undefined
    const weakenings = joinWeakenings(sameMoment?.weakenings ?? [], [weakening])
    memory.set('weakened', remember(sameMoment ? known.slice(0, -1) : known, { at, by, weakenings }))
  }

  async function change<K extends SettingName>(name: K, value: Settings[K], by: string): Promise<void> {
    await settings.change(name, value)
    note({ kind: 'setting.changed', name, value: recordedSetting(name, value), by })
  }
}
