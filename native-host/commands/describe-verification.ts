import { describeGap } from '../../protocol/gap-words.ts'
import type { Finding, Verification } from '../core/verify-records.ts'
import { formatSpan } from './format.ts'

/** Each kind of finding as a sentence. */
const sentences: { [K in Finding['kind']]: (finding: Extract<Finding, { kind: K }>) => string } = {
  'object-changed': () => 'its bytes are not those that its name promises',
  'object-unopenable': () => 'it cannot be opened with this identity',
  'line-unreadable': ({ line }) => `line ${line} is no record`,
  'record-changed': ({ seq }) => `record ${seq} is not as it was written`,
  'records-missing': ({ from, to }) => `${numbers(from, to)} missing`,
  'record-out-of-place': ({ seq }) => `record ${seq} is not in its place, or is here twice`,
  'chain-begun-anew': ({ seq }) =>
    `the chain begins anew with record ${seq}: the tracker's database was lost there, or somebody cut the chain`,
  'signature-missing': ({ from, to }) => `${numbers(from, to)} not signed, though earlier ones are`,
  'signature-wrong': () => 'its signature was not made with the key that it names',
  'signature-foreign': ({ key }) => `it is signed with a key that is not trusted: ${key}`,
  'key-changed': ({ seq, key }) => `record ${seq} names another key from here on: ${key}`,
  'head-contradicted': ({ seq }) => `it was sealed when record ${seq} was another one`,
  'end-missing': ({ from, to }) => `it was sealed after ${numbers(from, to)} written, and they are not here`,
  'screenshot-missing': ({ seq }) => `record ${seq} names this screenshot, and it is not here`,
}

function numbers(from: number, to: number): string {
  return from === to ? `record ${from} is` : `records ${from} to ${to} are`
}

export function describeFinding(finding: Finding): string {
  // One entry for each kind, which TypeScript cannot follow through the lookup.
  const say = sentences[finding.kind] as (finding: Finding) => string
  return say(finding)
}

const mostFindings = 100

export function describeVerification(device: string, found: Verification, zone: string): string[] {
  const { findings, notes, gaps } = found
  const moment = (instant: string) => {
    const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
    return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'second' })}`
  }
  const span = found.from && found.to ? `, ${moment(found.from)} to ${moment(found.to)}` : ''
  const lines = [
    device,
    `  ${found.records} records in ${found.segments} segments and ${found.screenshots} screenshots${span}`,
    `  ${describeSignatures(found)}`,
    gaps.length === 0 ? '  No gaps.' : '  Gaps:',
    ...gaps.map(gap => {
      const seconds = Math.round((Date.parse(gap.to) - Date.parse(gap.from)) / 1000)
      return `    ${moment(gap.from)} – ${moment(gap.to)}  ${formatSpan(seconds).padStart(9)}  ${describeGap(gap)}`
    }),
    ...notes.map(describeNote),
    ...findings.slice(0, mostFindings).map(finding => `  ✘ ${finding.object}: ${describeFinding(finding)}`),
  ]
  if (findings.length > mostFindings) lines.push(`  ✘ and ${findings.length - mostFindings} more`)
  if (findings.length === 0) lines.push('  ✔ Nothing was changed, moved or taken out.')
  return lines
}

function describeSignatures({ firstSigned, keys, records }: Verification): string {
  if (records === 0) return 'No records.'
  if (firstSigned === undefined)
    return 'Not signed: they were written before trackers signed, or somebody took the signatures off.'
  return `Signed by the device key ${keys.join(', ')}; the first signature is at record ${firstSigned} and covers those before it.`
}

function describeNote(note: Verification['notes'][number]): string {
  switch (note.kind) {
    case 'screenshot-unrecorded':
      return `  – ${note.object}: no record here names it, as when the tracker died in between or the rest is on its way`
    case 'screenshot-on-its-way':
      return `  – ${note.object}: named by record ${note.seq}, and perhaps still on its way`
    default:
      throw note satisfies never
  }
}
