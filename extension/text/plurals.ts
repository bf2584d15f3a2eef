/** The forms that a text has for counts, by the names that Intl gives them; English has `one` and `other`. */
export type Forms = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>

/** Chooses the form of a text for a count, by the rules of a language. */
export function pluralsOf(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language)
  return (count, forms) => forms[rules.select(count)] ?? forms.other
}
