import { describeGap } from '../../protocol/gap-words.ts'
import type { SetFinding } from '../verify/compare-devices.ts'
import { describePassedOver, isWrong, type PassedOver } from '../verify/passed-over.ts'
import type { Finding, Note, Verification } from '../verify/verify-records.ts'
import { formatSpan } from './format.ts'

/** Each kind of finding as a sentence. */
const sentences: { [K in Finding['kind']]: (finding: Extract<Finding, { kind: K }>) => string } = {
  'number-twice': () => 'its number is given to one object alone, and another one has it too',
  'object-changed': () => 'its bytes are not those that its name promises',
  'object-unopenable': () => 'it cannot be opened with this identity',
  'object-unreadable': ({ why }) => `it cannot be read: ${why}`,
  'line-unreadable': ({ line }) => `line ${line} is no record`,
  'record-changed': ({ seq }) => `record ${seq} is not as it was written`,
  'records-missing': ({ from, to }) => `${numbers(from, to)} missing`,
  'record-out-of-place': ({ seq }) => `record ${seq} is not in its place, or is here twice`,
  'chain-begun-anew': ({ seq }) =>
    `the chain begins anew with record ${seq}: the tracker's database was lost there, or somebody cut the chain`,
  'signature-missing': () => 'it is not signed, though it has to be: earlier ones are, or a key was given',
  'signature-wrong': () => 'its signature was not made with the key that it names',
  'signature-copied': () => 'its signature was made for another object',
  'signature-foreign': ({ key }) => `it is signed with a key that is not trusted: ${key}`,
  'key-changed': ({ seq, key }) => `record ${seq} names another key from here on: ${key}`,
  'form-old': () => 'it has the old form, and this device had gone over to the new one before',
  'object-moved': ({ from }) => `it belongs elsewhere: ${from}`,
  'device-renamed': ({ device }) => `this is the folder of another device: ${device}`,
  'head-contradicted': ({ seq }) => `it was sealed when record ${seq} was another one`,
  'end-missing': ({ from, to }) => `it was sealed after ${numbers(from, to)} written, and they are not here`,
  'screenshot-missing': ({ seq }) => `record ${seq} names this screenshot, and it is not here`,
  'screenshot-removed': ({ seq }) =>
    `record ${seq} says that this screenshot was deleted or blurred before it was delivered, and it is here`,
}

function numbers(from: number, to: number): string {
  return from === to ? `record ${from} is` : `records ${from} to ${to} are`
}

export function describeFinding(finding: Finding): string {
  // One entry for each kind, which TypeScript cannot follow through the lookup.
  const say = sentences[finding.kind] as (finding: Finding) => string
  return say(finding)
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
    ...passedOver.map(what => `${isWrong(what) ? '✘' : '–'} ${describePassedOver(what)}`),
  ]
  const parts = [
    ...devices.map(device => describeDevice(device, across, zone)),
    ...(all.length > 0 ? [all] : []),
  ]
  return parts.flatMap((part, index) => (index === 0 ? part : ['', ...part]))
}

function describeAcross(finding: SetFinding): string {
  switch (finding.kind) {
    case 'device-missing':
      return `Nothing here is signed with the key ${finding.key}: that device is missing.`
    case 'history-begun-anew':
      return (
        `${finding.devices.join(' and ')} are one device (key ${finding.key}): its history ended under the first name and ` +
        'was begun anew under the next. What was between them is not here.'
      )
    default:
      throw finding satisfies never
  }
}

const mostFindings = 100

function describeDevice(found: VerifiedDevice, across: readonly SetFinding[], zone: string): string[] {
  const { findings, notes, gaps, folder, device } = found
  const moment = (instant: string) => {
    const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone)
    return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'second' })}`
  }
  const span = found.from && found.to ? `, ${moment(found.from)} to ${moment(found.to)}` : ''
  const lines = [
    device === undefined || device === folder ? folder : `${device} (in the folder ${folder})`,
    `  ${found.records} records in ${found.segments} segments and ${found.screenshots} screenshots${span}`,
    `  ${describeSignatures(found)}`,
    gaps.length === 0 ? '  No gaps.' : '  Gaps:',
    ...gaps.map(gap => {
      const seconds = Math.round((Date.parse(gap.to) - Date.parse(gap.from)) / 1000)
      return `    ${moment(gap.from)} – ${moment(gap.to)}  ${formatSpan(seconds).padStart(9)}  ${describeGap(gap)}`
    }),
    ...notes.slice(0, mostFindings).map(note => `  – ${describeNote(note)}`),
    ...(notes.length > mostFindings ? [`  – and ${notes.length - mostFindings} more like these`] : []),
    ...findings.slice(0, mostFindings).map(finding => `  ✘ ${finding.object}: ${describeFinding(finding)}`),
  ]
  if (findings.length > mostFindings) lines.push(`  ✘ and ${findings.length - mostFindings} more`)
  const others = across.filter(finding => concerns(finding, found))
  if (findings.length === 0 && others.length === 0) lines.push(...describeProof(found, moment))
  return lines
}

function concerns(finding: SetFinding, { device }: VerifiedDevice): boolean {
  return finding.kind === 'history-begun-anew' && device !== undefined && finding.devices.includes(device)
}

function describeProof({ provenTo }: Verification, moment: (instant: string) => string): string[] {
  if (provenTo === undefined)
    return ['  Nothing was found, and nothing is proven: no signature covers what is here.']
  return [
    `  ✔ Proven up to ${moment(provenTo)}: nothing was changed, moved or taken out until then.`,
    '    Whether anything came after it cannot be seen here: an end that was cut off leaves no trace.',
  ]
}

function describeSignatures({ firstSigned, keys, records }: Verification): string {
  if (records === 0) return 'No records.'
  if (firstSigned === undefined)
    return 'Not signed: they were written before trackers signed, or somebody took the signatures off.'
  return `Signed by the device key ${keys.join(', ')}; the first signature is at record ${firstSigned} and covers those before it.`
}

function describeNote(note: Note): string {
  switch (note.kind) {
    case 'screenshot-unrecorded':
      return `${note.object}: signed by this device, and no record here names it, as when the tracker died in between or the record is on its way`
    case 'screenshot-unproven':
      return `${note.object}: no record here names it, and nothing proves that this device made it: it has the old form`
    case 'screenshot-on-its-way':
      return `${note.object}: named by record ${note.seq}, and perhaps still on its way`
    case 'records-on-their-way':
      return `${note.object}: sealed after ${numbers(note.from, note.to)} written, and they may still be on their way`
    case 'key-replaced':
      return `${note.object}: record ${note.seq} names the key that was given as the next one, which signs from here on: ${note.key}`
    default:
      throw note satisfies never
  }
}
