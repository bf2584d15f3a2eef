import type { Confirmation } from '../../protocol/confirmation.ts'
import { describeChange } from '../../protocol/setting-change.ts'
import { type SettingName, type Settings, type SettingValue, weakens } from '../../protocol/settings.ts'
import { recordedSetting } from './recorded-setting.ts'

/** One thing that protects the person less than before. */
export type Weakening =
  | { kind: 'setting'; name: SettingName; from: SettingValue; to: SettingValue }
  | { kind: 'consent'; text_version: number }

/** What was weakened within a moment, to be undone together. */
export type Weakened = { at: string; by: string; weakenings: readonly Weakening[] }

/** How records name it. */
export function nameOf(weakening: Weakening): string {
  return weakening.kind === 'setting' ? weakening.name : 'consent'
}

export function describeWeakening(weakening: Weakening): Confirmation['changes'][number] {
  if (weakening.kind === 'consent') return { what: 'Recording', from: 'not agreed to', to: 'agreed to' }
  const { name, from, to } = weakening
  return describeChange(name, recordedSetting(name, from), recordedSetting(name, to))
}

/** Of several changes of one setting, what they come to together. */
export function joinWeakenings(before: readonly Weakening[], more: readonly Weakening[]): Weakening[] {
  const joined = [...before]
  for (const weakening of more) {
    const at = joined.findIndex(known => nameOf(known) === nameOf(weakening))
    const known = joined[at]
    if (known === undefined) joined.push(weakening)
    else if (known.kind === 'setting' && weakening.kind === 'setting')
      joined[at] = { ...weakening, from: known.from }
  }
  return joined
}

/** What the desktop says of it. All of it is ours, but for the name, which has no signs that could be more than text. */
export function announcementOf(by: string, weakenings: readonly Weakening[]): string {
  const changes = weakenings.map(describeWeakening).map(({ what, from, to }) => `${what}: ${from} → ${to}.`)
  return [`Changed by ${by}:`, ...changes, 'Undo: activity-tracker undo'].join(' ')
}

/** Settings that still protect less than before; what the person made stronger since stays as it is. */
export function toRestore(
  { weakenings }: Weakened,
  current: Settings,
): { name: SettingName; value: SettingValue }[] {
  return weakenings.flatMap(weakening => {
    if (weakening.kind === 'consent') return []
    const { name, from } = weakening
    return weakens(name, from, current[name]) ? [{ name, value: from }] : []
  })
}

/** Those before count too: a person finds out late. */
const mostRemembered = 20

/** None is forgotten because of those that follow: the two oldest become one. */
export function remember(all: readonly Weakened[], one: Weakened): Weakened[] {
  const [oldest, second, ...rest] = [...all, one]
  if (!oldest || !second || rest.length + 2 <= mostRemembered) return [...all, one]
  return [{ ...second, weakenings: joinWeakenings(oldest.weakenings, second.weakenings) }, ...rest]
}
