/**
 * Takes the place of `node:test` for tests that use `test` and `describe` alone, so that they can run again and again in
 * one process and end with the first that fails. A file that uses more cannot be loaded, which is an error.
 */
export type Collected = { name: string; run: () => unknown }

let collected: Collected[] = []

export function startCollecting(): void {
  collected = []
}

/** In the order of the file. */
export function collectedTests(): Collected[] {
  return collected
}

export function test(name: string, run: Collected['run'], ...more: unknown[]): void {
  if (typeof run !== 'function' || run.length > 0 || more.length > 0)
    throw new Error(`${name}: a test with options or a context cannot be tried with mutants`)
  collected.push({ name, run })
}

export function describe(name: string, body: () => unknown): void {
  if (body() !== undefined)
    throw new Error(`${name}: a group that is read later cannot be tried with mutants`)
}
