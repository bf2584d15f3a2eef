import { describeGap } from '../../protocol/gap-words.ts'
import type { SetFinding } from '../verify/compare-devices.ts'
import { isWrong, type PassedOver } from '../verify/passed-over.ts'
import type { Finding, Note, Verification } from '../verify/verify-records.ts'
import { formatSpan } from './format.ts'
import { text } from './text.ts'

const words = text.verify

export function describeFinding(finding: Finding): string {
  // One entry for each kind, which TypeScript cannot follow through the lookup.
  const say = words.findings[finding.kind] as (finding: Finding) => string
  return say(finding)
}

export function describeNote(note: Note): string {
  const say = words.notes[note.kind] as (note: Note) => string
  return say(note)
}

export function describeAcross(finding: SetFinding): string {
  const say = words.across[finding.kind] as (finding: SetFinding) => string
  return say(finding)
}

export function describeSkipped({ kind, count, path }: PassedOver): string {
  return words.skipped(kind, count, path)
}

/** Of one device, and the folder that it was found in. */
export type VerifiedDevice = { folder: string } & Verification

/** @param across what shows only when all devices are looked at together */
export function describeVerifications(
  devices: readonly VerifiedDevice[],
  across: readonly SetFinding[],
  passedOver: readonly PassedOver[],
  zone: string,
): string[] {
  const all = [
    ...across.map(finding => `✘ ${describeAcross(finding)}`),
    ...passedOver.map(what => `${isWrong(what) ? '✘' : '–'} ${describeSkipped(what)}`),
  ]
  const parts = [
    ...devices.map(device => describeDevice(device, across, zone)),
    ...(all.length > 0 ? [all] : []),
  ]
  return parts.flatMap((part, index) => (index === 0 ? part : ['', ...part]))
}

const mostFindings = 100

function describeDevice(found: VerifiedDevice, across: readonly SetFinding[], zone: string): string[] {
  const { findings, notes, gaps, folder, device } = found
  const moment = (instant: string) => {
    const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
    return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'second' })}`
  }
  const span = found.from && found.to ? words.span(moment(found.from), moment(found.to)) : ''
  const lines = [
    device === undefined || device === folder ? folder : words.folderOf(device, folder),
    `  ${words.counts(found)}${span}`,
    `  ${describeSignatures(found)}`,
    `  ${gaps.length === 0 ? words.noGaps : words.gaps}`,
    ...gaps.map(gap => {
      const seconds = Math.round((Date.parse(gap.to) - Date.parse(gap.from)) / 1000)
      const [from, to] = [moment(gap.from), moment(gap.to)]
      // Shorter than its moments can show.
      const [when, length] = from === to ? [from, words.shortGap] : [`${from} – ${to}`, formatSpan(seconds)]
      return `    ${when}  ${length.padStart(9)}  ${describeGap(gap)}`
    }),
    ...notes.slice(0, mostFindings).map(note => `  – ${describeNote(note)}`),
    ...(notes.length > mostFindings ? [`  – ${words.moreNotes(notes.length - mostFindings)}`] : []),
    ...findings.slice(0, mostFindings).map(finding => `  ✘ ${finding.object}: ${describeFinding(finding)}`),
  ]
  if (findings.length > mostFindings) lines.push(`  ✘ ${words.moreFindings(findings.length - mostFindings)}`)
  const others = across.filter(finding => concerns(finding, found))
  if (findings.length === 0 && others.length === 0) lines.push(...describeProof(found, moment))
  return lines
}

function concerns(finding: SetFinding, { device }: VerifiedDevice): boolean {
  return finding.kind === 'history-begun-anew' && device !== undefined && finding.devices.includes(device)
}

function describeProof({ provenTo }: Verification, moment: (instant: string) => string): string[] {
  if (provenTo === undefined) return [`  ${words.nothingProven}`]
  return [`  ✔ ${words.proven(moment(provenTo))}`, `    ${words.endUnknown}`]
}

function describeSignatures({ firstSigned, keys, records }: Verification): string {
  if (records === 0) return words.noRecords
  if (firstSigned === undefined) return words.notSigned
  return words.signed(keys, firstSigned)
}
