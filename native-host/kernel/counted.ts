const rules = new Intl.PluralRules('en')

/** `1 file`, `3 files`. The forms are those of Intl.PluralRules, so that a language with more of them fits. */
export function counted(count: number, forms: { one: string; other: string }): string {
  return `${count} ${formFor(count, forms)}`
}

export function formFor(count: number, { one, other }: { one: string; other: string }): string {
  return rules.select(count) === 'one' ? one : other
}
