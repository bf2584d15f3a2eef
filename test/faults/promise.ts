import type { Storage } from './s3-scene.ts'

/** How much of it: `fast` fits into `npm test`, `full` is what the promise says. */
export type Scale = 'fast' | 'full'

/** One measured number. It falls short when it is beyond its limit. */
export type Figure = {
  what: string
  value: number
  unit?: string
  atMost?: number
  atLeast?: number
}

export type Outcome =
  | {
      kind: 'measured'
      figures: Figure[]
      /** How often each kind of fault really happened. One that never did proves nothing. */
      faults: Record<string, number>
      /** After each fault: how long until something new had arrived, in milliseconds. */
      freshMs: number[]
      /** What a reader of the figures must know, such as how much smaller than promised a run was. */
      notes?: string[]
    }
  /** This computer cannot produce the fault, for example because only root may mount a disk. */
  | { kind: 'not here'; why: string }

export type Run = {
  scale: Scale
  /** Shown while it runs: people look before they read. */
  say(progress: string): void
  /** A bucket on a real server, which starts when the first asks: each delivers below a prefix of its own. */
  storage(): Promise<Storage>
}

/** One row of the promise table. */
export type Promised = {
  id: `P${number}`
  promise: string
  /** Too long for `npm test` at any scale: only the full run has it, or a run that names it. */
  slow?: true
  run(run: Run): Promise<Outcome>
}

export function fallsShort({ value, atMost, atLeast }: Figure): boolean {
  // Written so that a figure that is no number falls short too.
  return !((atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast))
}
