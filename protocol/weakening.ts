import { foldText } from './fold-text.ts'
import { namesInList, unquoted } from './name-list.ts'

/**
 * When a new value of a setting protects the person less than the old one did. `when` says it in words for the docs;
 * without words it never does. `names`: of a list of names, what a value that weakened it makes of it.
 */
export type Weakens<T> = ((from: T, to: T) => boolean) & {
  readonly when: string | undefined
  readonly names?: NamesRule
}

/** Of two lists neither need protect more than the other: each hides what the other does not. */
export type NamesRule = {
  readonly of: 'hidden' | 'trusted'
  /** Those that are hidden no more, or trusted from now on. */
  concerned(from: string, to: string): string[]
  /** `from` again, with what was made stronger between `to` and `current`. */
  restored(from: string, to: string, current: string): string
  /** What a change from `from` to `to` comes to where `current` has taken the place of `from`. */
  carried(from: string, to: string, current: string): string
  /** What protects less than either. */
  weakest(one: string, other: string): string
}

function rule<T>(
  when: string | undefined,
  judge: (from: T, to: T) => boolean,
  names?: NamesRule,
): Weakens<T> {
  return Object.assign((from: T, to: T) => judge(from, to), { when, ...(names && { names }) })
}

export const never: Weakens<unknown> = rule(undefined, () => false)
export const switchedOff = rule<boolean>('switched off', (from, to) => from && !to)
export const switchedOn = rule<boolean>('switched on', (from, to) => !from && to)
export const lowered = rule<number>('made shorter', (from, to) => to < from)

/** @param order from what protects most to what protects least */
export function towards(when: string, ...order: readonly string[]): Weakens<string> {
  return rule(when, (from, to) => order.indexOf(to) > order.indexOf(from))
}

export const namesRemoved = rule<string>('a name is removed', (from, to) => unhidden(from, to).length > 0, {
  of: 'hidden',
  concerned: unhidden,
  restored: (from, to, current) => withMore(from, unhidden(current, to)),
  carried: (from, to, current) => withMore(without(current, unhidden(from, to)), namesInList(to)),
  weakest: (one, other) => without(one, unhidden(one, other)),
})
export const namesAdded = rule<string>('a name is added', (from, to) => added(from, to).length > 0, {
  of: 'trusted',
  concerned: added,
  restored: (from, to, current) => without(from, added(current, to)),
  carried: (from, to, current) => withMore(without(current, added(to, from)), added(from, to)),
  weakest: (one, other) => withMore(one, added(one, other)),
})

/**
 * What the one list hides and the other does not. A name also stands for every longer one that contains it, as windows
 * are compared, so that a shorter one in its place hides no less.
 */
function unhidden(from: string, to: string): string[] {
  const kept = namesInList(to)
    .map(name => foldText(unquoted(name)))
    .filter(name => name !== '')
  return namesInList(from).filter(name => {
    const folded = foldText(unquoted(name))
    return folded !== '' && !kept.some(one => folded.includes(one))
  })
}

function added(from: string, to: string): string[] {
  const plain = (name: string) => unquoted(name).toLowerCase()
  const known = namesInList(from).map(plain)
  return namesInList(to).filter(name => !known.includes(plain(name)))
}

function without(list: string, names: readonly string[]): string {
  return namesInList(list)
    .filter(name => !names.includes(name))
    .join(', ')
}

/** As a list of names may be: what was there comes first, and what has no room is left out. */
const longestList = 500

function withMore(list: string, names: readonly string[]): string {
  return names.reduce((all, name) => {
    if (namesInList(all).includes(name)) return all
    const longer = all === '' ? name : `${all}, ${name}`
    return longer.length <= longestList ? longer : all
  }, list)
}
