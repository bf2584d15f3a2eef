/**
 * A value that must not be seen: wherever it is printed, logged, compared in a failing test or turned to JSON, it
 * shows `[set]`. Only `reveal` gives it out, so that every use can be found by that word.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[set]'
  }

  toJSON(): string {
    return '[set]'
  }

  /** What console.log and node:util show; the name is the one that Node agreed on with other runtimes. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[set]'
  }
}
