import { describeAsker } from '../../protocol/client-name.ts'
import type { Confirmation } from '../../protocol/confirmation.ts'
import { describeChange, fewNames } from '../../protocol/setting-change.ts'
import {
  namesRuleOf,
  restored,
  type SettingName,
  type Settings,
  type SettingValue,
  settingNames,
  weakest,
} from '../../protocol/settings.ts'
import { recordedSetting } from './recorded-setting.ts'

/** One thing that protects the person less than before. */
export type Weakening =
  | { kind: 'setting'; name: SettingName; from: SettingValue; to: SettingValue }
  | { kind: 'consent'; text_version: number }

/** Weakenings within a moment, which are undone together. */
export type Weakened = { at: string; by: string; weakenings: readonly Weakening[] }

/** How records name it. */
export function nameOf(weakening: Weakening): string {
  return weakening.kind === 'setting' ? weakening.name : 'consent'
}

export function describeWeakening(weakening: Weakening): Confirmation['changes'][number] {
  if (weakening.kind === 'consent') return { what: 'Consent to recording', from: 'not given', to: 'given' }
  const { name, from, to } = weakening
  const words = describeChange(name, recordedSetting(name, from), recordedSetting(name, to))
  const rule = namesRuleOf(name)
  const concerned = rule?.concerned(String(from), String(to)) ?? []
  if (!rule || concerned.length === 0) return words
  // Both lists may begin with the same hundred names.
  return rule.of === 'hidden'
    ? { what: words.what, from: fewNames(concerned), to: 'no longer hidden' }
    : { ...words, to: `${words.to}, ${concerned.length} of them new` }
}

/** What an undo has put back. */
export function describeRestored(name: SettingName, from: SettingValue, to: SettingValue) {
  const words = describeChange(name, from, to)
  const rule = namesRuleOf(name)
  const hidden = rule?.of === 'hidden' ? rule.concerned(String(to), String(from)) : []
  return hidden.length === 0 ? words : { what: words.what, from: fewNames(hidden), to: 'hidden again' }
}

/** The combined effect of several changes of one setting: from the strongest value to the last. */
export function joinWeakenings(before: readonly Weakening[], more: readonly Weakening[]): Weakening[] {
  const joined = [...before]
  for (const weakening of more) {
    const at = joined.findIndex(known => nameOf(known) === nameOf(weakening))
    const known = joined[at]
    if (known === undefined) joined.push(weakening)
    else if (known.kind === 'setting' && weakening.kind === 'setting')
      joined[at] = {
        ...weakening,
        from: restored(known.name, known.from, known.to, weakening.from),
      }
  }
  return joined
}

/** The changes as announced in place of `before`: a value in between counts, even if it is gone by now. */
export function announcedInstead(before: readonly Weakening[], more: readonly Weakening[]): Weakening[] {
  return joinWeakenings(before, more).map(weakening => {
    const known = before.find(one => nameOf(one) === nameOf(weakening))
    return known?.kind === 'setting' && weakening.kind === 'setting'
      ? { ...weakening, to: weakest(weakening.name, known.to, weakening.to) }
      : weakening
  })
}

/** The text on the desktop. All of it is ours except the name, which has no characters that could be markup. */
export function announcementOf(by: string, weakenings: readonly Weakening[]): string {
  const inOrder = weakenings.toSorted((one, other) => placeOf(one) - placeOf(other))
  const changes = inOrder.map(describeWeakening).map(({ what, from, to }) => `${what}: ${from} → ${to}.`)
  return [`Changed by ${describeAsker(by)}:`, ...changes, 'Undo: activity-tracker undo'].join(' ')
}

/** Desktops cut long texts off, so lists of names come last: the client controls their content. */
function placeOf(weakening: Weakening): number {
  if (weakening.kind === 'consent') return -1
  const at = settingNames.indexOf(weakening.name)
  return namesRuleOf(weakening.name) ? settingNames.length + at : at
}

/** Settings that still protect less than before; values that the person has strengthened since stay. */
export function toRestore(
  { weakenings }: Weakened,
  current: Settings,
): { name: SettingName; value: SettingValue }[] {
  return weakenings.flatMap(weakening => {
    if (weakening.kind === 'consent') return []
    const { name, from, to } = weakening
    const value = restored(name, from, to, current[name])
    return value === current[name] ? [] : [{ name, value }]
  })
}

/** How many moments can be undone: a person may notice late. */
const mostRemembered = 20

/** Later weakenings displace none: the two oldest become one. */
export function remember(all: readonly Weakened[], one: Weakened): Weakened[] {
  const [oldest, second, ...rest] = [...all, one]
  if (!oldest || !second || rest.length + 2 <= mostRemembered) return [...all, one]
  return [{ ...second, weakenings: joinWeakenings(oldest.weakenings, second.weakenings) }, ...rest]
}
