import type { SignedHead } from './chain-head.ts'
import { type ChainFinding, createChainCheck, type Proofs } from './check-chain.ts'
import { createPictureCheck, type PictureFinding, type PictureNote } from './check-pictures.ts'
import { createGapWalk, type Gap } from './gaps.ts'

export type Finding =
  | ChainFinding
  | PictureFinding
  /** Its bytes are not those that its name promises. */
  | { kind: 'object-changed'; object: string }
  /** Nobody's key fits, or it is damaged: what is in it is not known. */
  | { kind: 'object-unopenable'; object: string }

/** Everything there is to say of one device. */
export type Verification = {
  findings: Finding[]
  notes: PictureNote[]
  /** In the order of time. */
  gaps: Gap[]
  records: number
  segments: number
  screenshots: number
  /** Of the first and the last record. */
  from: string | undefined
  to: string | undefined
  /** The first record number that a signature speaks of; what is before it is covered by it as well. */
  firstSigned: number | undefined
  /** Those that signed. */
  keys: string[]
}

/** Takes the objects of one device in the order in which they were sealed. */
export function createVerification(proofs: Proofs) {
  const chain = createChainCheck(proofs)
  const pictures = createPictureCheck()
  const walk = createGapWalk()
  const findings: Finding[] = []
  const gaps: Gap[] = []
  let segments = 0
  let screenshots = 0
  let from: string | undefined
  let to: string | undefined

  return {
    segment(object: string, lines: readonly string[], head: SignedHead | undefined): void {
      segments += 1
      const found = chain.segment(object, lines, head, record => {
        from ??= record.at
        to = record.at
        pictures.record(record)
        gaps.push(...walk.record(record))
      })
      findings.push(...found)
    },

    screenshot(object: string, head: SignedHead | undefined): void {
      screenshots += 1
      pictures.object(object)
      findings.push(...chain.other(object, head))
    },

    /** What shows before an object is even opened. */
    bad(kind: 'object-changed' | 'object-unopenable', object: string): void {
      findings.push({ kind, object })
    },

    end(): Verification {
      const rest = pictures.end()
      const { keys, firstSigned } = chain.summary()
      return {
        findings: [...findings, ...chain.end(), ...rest.findings],
        notes: rest.notes,
        gaps: [...gaps, ...walk.end()],
        records: chain.summary().records,
        segments,
        screenshots,
        from,
        to,
        firstSigned,
        keys,
      }
    },
  }
}
