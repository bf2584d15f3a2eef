import type { Evidence } from '../../protocol/records.ts'
import { type InputDevice, type InputSources, isInjector } from '../input/input-sources.ts'
import { type Trust, trustIn } from './trusted-sources.ts'

/**
 * Where input came from, as the system says: a kind of evidence of its own, and reported apart. It says nothing about
 * what the input was like. Assistive tools, remappers and remote desktops inject too, so on its own it makes a
 * suspicion, and what it is worth is for the person to say.
 */
export type ProvenanceLimits = {
  injected: 'ignore' | 'suspect' | 'scripted'
  /** Names of devices whose input is the person's, whatever the system says, separated by commas. */
  trusted: string
}

export type Provenance = {
  /** Where the stretch of injected input began; undefined while there is none. */
  since: number | undefined
  /** Since when programs have made the input, be it for too short a time to be worth a suspicion. */
  programsSince: number | undefined
  /** Since the last call. */
  injectedSeconds: number
  devices: readonly string[]
  evidence: Evidence | undefined
}

/** So long nothing but injected input: longer than a password manager or a clipboard tool types. */
const limitSeconds = 20
const mostSeconds = 60
/** A person at the keyboard takes the suspicion away faster than a program builds it up. */
const personWeight = 2

export function createProvenance(limits: () => ProvenanceLimits) {
  let injectedInARow = 0
  let from: number | undefined
  let injectedSeconds = 0
  let devices = new Set<string>()

  return {
    observe(sources: InputSources): void {
      const { devices: used } = sources
      const trust = trustOf(limits())
      const isDoubtful = (device: InputDevice) =>
        isInjector(device.name) && trustIn(device, sources, trust) === undefined
      const seconds = (sources.to - sources.from) / 1000
      if (used.length > 0 && used.every(isDoubtful)) {
        from ??= sources.first
        injectedInARow = Math.min(mostSeconds, injectedInARow + seconds)
        injectedSeconds += seconds
        for (const { name } of used) devices.add(name)
      } else if (used.length > 0) {
        injectedInARow = Math.max(0, injectedInARow - personWeight * seconds)
        if (injectedInARow === 0) from = undefined
      }
    },

    /** What was seen since the last call. */
    conclude(): Provenance {
      // A suspicion is about input, so a lull is no part of it.
      const suspicious = injectedInARow >= limitSeconds && injectedSeconds > 0
      const seen = {
        since: suspicious ? from : undefined,
        programsSince: from,
        injectedSeconds: Math.round(injectedSeconds),
        devices: [...devices],
        evidence: suspicious ? evidenceOf(Math.round(injectedInARow), [...devices]) : undefined,
      }
      injectedSeconds = 0
      devices = new Set()
      return seen
    },
  }
}

export function trustOf({ injected, trusted }: ProvenanceLimits): Trust {
  return { names: trusted, programs: injected === 'ignore' }
}

function evidenceOf(seconds: number, devices: readonly string[]): Evidence {
  const by = devices.length > 0 ? ` (${devices.join(', ')})` : ''
  return {
    feature: 'injected_input',
    value: seconds,
    text: `For ${seconds === mostSeconds ? 'more than ' : ''}${seconds} s all input came from programs${by} and none from a device. Assistive tools and remote desktops do that too.`,
  }
}
