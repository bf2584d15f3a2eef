/**
 * When a new value of a setting protects the person less than the old one did. `when` says it in words for the docs;
 * without words it never does.
 */
export type Weakens<T> = ((from: T, to: T) => boolean) & { readonly when: string | undefined }

function rule<T>(when: string | undefined, judge: (from: T, to: T) => boolean): Weakens<T> {
  return Object.assign((from: T, to: T) => judge(from, to), { when })
}

export const never: Weakens<unknown> = rule(undefined, () => false)
export const switchedOff = rule<boolean>('switched off', (from, to) => from && !to)
export const switchedOn = rule<boolean>('switched on', (from, to) => !from && to)
export const lowered = rule<number>('made shorter', (from, to) => to < from)

/** @param order from what protects most to what protects least */
export function towards(when: string, ...order: readonly string[]): Weakens<string> {
  return rule(when, (from, to) => order.indexOf(to) > order.indexOf(from))
}

/** A name also stands for every longer one that contains it, so that a shorter one in its place hides no less. */
export const namesRemoved = rule<string>('a name is taken out', (from, to) =>
  namesIn(from).some(name => !namesIn(to).some(kept => name.includes(kept))),
)
export const namesAdded = rule<string>('a name is added', (from, to) =>
  namesIn(to).some(name => !namesIn(from).includes(name)),
)

function namesIn(list: string): string[] {
  return list
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '')
}
