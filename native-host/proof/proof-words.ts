import type { ProofBundle } from '../../protocol/proof.ts'
import { activityPercent, addTotals, noTotals, type ReportDay } from '../../protocol/report.ts'
import { wallClock } from '../../protocol/wall-clock.ts'
import { counted } from '../kernel/counted.ts'
import { acrossWords, findingWords, noteWords, type Words } from '../verify/finding-words.ts'
import type { CheckedProof, ProvenDevice } from './check-bundle.ts'
import type { ProofFinding } from './check-device.ts'
import { isFinding, type ReceivedHead } from './check-received.ts'

/** Every sentence on a proof, for the page and for `verify`, so that both say the same. */
export const proofWords = {
  unsound: (count: number) =>
    `This proof does not hold. ${counted(count, { one: 'thing in it is', other: 'things in it are' })} not as the tracker wrote it. Do not rely on its figures.`,
  unsigned: 'Nothing in this proof is signed, so it proves nothing.',
  empty: 'No minute is shown, so there is nothing to prove.',
  shown: (to: string) =>
    `Nothing in it was changed. It is shown up to ${to}. What came later, or was cut off at its end, leaves no trace here.`,
  bound: (to: string) =>
    `Nothing in it was changed. Up to ${to} it is the history whose heads you received earlier, so nothing of that time was removed or written again since.`,
  boundThenShown: (bound: string, to: string) =>
    `${proofWords.bound(bound)} After that it is shown up to ${to}; what was cut off at its end leaves no trace here.`,
  fingerprint: {
    matches: 'The fingerprint matches: this is the very proof that the sender made.',
    differs:
      'The fingerprint does not match. This is not the proof that the sender made, or the fingerprint was not typed as they gave it.',
    invalid: 'That is not a fingerprint. It has 16 letters and digits in four groups.',
    missing: 'You have given no fingerprint, so whether the sender made exactly this proof is not checked.',
  },
  heads: {
    missing:
      'You have given no heads that you received earlier, so nothing binds the sender to this history.',
    unreadable: (count: number) =>
      `${counted(count, { one: 'line is', other: 'lines are' })} not a head. Paste each as it was sent, whole, on a line of its own.`,
  },
  titles: {
    measured: 'Measured',
    withheld: 'Withheld',
    missing: 'Missing',
    flagged: 'Flagged',
    withdrawn: 'Withdrawn',
    deleted: 'Deleted',
    beginning: 'Beginning',
    key: 'Key',
  },
  proves: [
    'The holder of the device’s key wrote the records that are shown, in this order, and the withheld minutes stand where they are said to be.',
    'The screenshots that are shown are those that the records name.',
    'Between the first and the last minute nothing is missing without being named here.',
  ],
  cannot: [
    'The sender holds the device’s key. Only heads that you received while the work was done bind them: after the last one they could have written anything.',
    'Who sat at the computer is not proven. Input can be made by programs; what did not look like a person’s is flagged.',
    'Nothing proves what came before the first minute, or after the last one.',
    'A withheld minute may hold a later verdict on a shown one: the figures are those of the shown records.',
    'The sender made this page, and a page can lie. To be sure, check the file with “activity-tracker verify” from the project’s own release, or with another verifier: docs/proof.md has the format.',
  ],
}

export type Sentence = { kind: keyof typeof proofWords.titles; text: string; tone: 'plain' | 'warn' | 'stop' }

/** `tone` good only where the reader's own heads bind the sender. */
export type Verdict = { text: string; tone: 'good' | 'calm' | 'warn' | 'stop' }

export function describeVerdict(proof: CheckedProof): Verdict {
  if (proof.found > 0) return { text: proofWords.unsound(proof.found), tone: 'stop' }
  const shown = proof.devices.filter(({ shownTo }) => shownTo !== undefined)
  if (shown.length === 0)
    return proof.devices.some(({ isSigned }) => isSigned)
      ? { text: proofWords.empty, tone: 'calm' }
      : { text: proofWords.unsigned, tone: 'warn' }
  // Of several devices the one that is proven least far speaks for all.
  const first = shown.reduce((a, b) => ((a.shownTo ?? '') <= (b.shownTo ?? '') ? a : b))
  const isBound = shown.every(({ boundTo }) => boundTo !== undefined)
  const bound = shown.reduce((a, b) => ((a.boundTo ?? '') <= (b.boundTo ?? '') ? a : b))
  const to = momentOf(first, first.shownTo)
  if (!isBound) return { text: proofWords.shown(to), tone: 'calm' }
  const all = shown.every(({ boundTo, shownTo }) => boundTo === shownTo)
  const boundTo = momentOf(bound, bound.boundTo)
  return { text: all ? proofWords.bound(boundTo) : proofWords.boundThenShown(boundTo, to), tone: 'good' }
}

/** What is said of each device, a sentence each. */
export function describeDevice(device: ProvenDevice, { screenshots }: ProofBundle): Sentence[] {
  const totals = device.days.map(day => day.totals).reduce(addTotals, noTotals)
  const shots = device.days.flatMap(day => day.screenshots)
  const inState = (state: (typeof shots)[number]['state']) =>
    shots.filter(shot => shot.state === state).length
  const withdrawn = sumOf(device.days, flag => flag.withdrawn)
  const discarded = sumOf(device.days, flag => flag.discarded && !flag.withdrawn)
  const withheldShots = inState('withheld') + device.unnamed
  return [
    {
      kind: 'measured',
      tone: 'plain',
      text:
        device.segments.shown === 0
          ? 'No minute is shown.'
          : `${lengthOf(totals.active)} of active time in ${counted(device.segments.shown, minutes)} that ${device.segments.shown === 1 ? 'is' : 'are'} shown, on ${counted(device.days.filter(({ totals: { there, idle } }) => there + idle > 0).length, days)}, ${momentOf(device, device.shownFrom)} to ${momentOf(device, device.shownTo)}. Activity: ${Math.round(activityPercent(totals))} %. ${counted(inState('delivered'), shotForms)} shown.`,
    },
    {
      kind: 'withheld',
      tone: 'plain',
      text:
        device.segments.withheld === 0 && withheldShots === 0
          ? 'Nothing.'
          : `${counted(device.segments.withheld, minutes)} and ${counted(withheldShots, shotForms)}. The records exist, and the sender chose not to show them${screenshots ? '' : '; screenshots were left out altogether'}.`,
    },
    {
      kind: 'missing',
      tone: device.missing > 0 || inState('missing') > 0 ? 'stop' : 'plain',
      text:
        device.missing === 0 && inState('missing') === 0
          ? 'Nothing between the first minute and the last.'
          : `${counted(device.missing, { one: 'record', other: 'records' })} and ${counted(inState('missing'), shotForms)}. They should be here, and are not.`,
    },
    {
      kind: 'flagged',
      tone: totals.flagged > 0 ? 'warn' : 'plain',
      text:
        totals.flagged === 0
          ? 'Nothing.'
          : `${lengthOf(totals.flagged)} of input that does not look like a person’s${discarded > 0 ? `, of which ${lengthOf(discarded)} do not count as active` : ''}.`,
    },
    {
      kind: 'withdrawn',
      tone: withdrawn > 0 ? 'warn' : 'plain',
      text:
        withdrawn === 0
          ? 'Nothing.'
          : `${lengthOf(withdrawn)}: the person says that this flagged input was theirs, and it counts as active.`,
    },
    {
      kind: 'deleted',
      tone: 'plain',
      text:
        inState('deleted') === 0
          ? 'No screenshot.'
          : `${counted(inState('deleted'), shotForms)}: the person deleted ${inState('deleted') === 1 ? 'it' : 'them'} before the upload.`,
    },
    {
      kind: 'beginning',
      tone: 'plain',
      text:
        device.startsAfter === 0
          ? 'It begins with the first record of this device.'
          : `${counted(device.startsAfter, { one: 'earlier record exists', other: 'earlier records exist' })} and ${device.startsAfter === 1 ? 'is' : 'are'} no part of this proof.`,
    },
    {
      kind: 'key',
      tone: 'plain',
      text: device.keys.length === 0 ? 'Not signed.' : `Signed with the key ${device.keys.join(', then ')}.`,
    },
  ]
}

const proofFindings: Partial<Words<ProofFinding>> = {
  'object-unreadable': () => 'it is neither a head nor records nor a screenshot',
  'number-twice': () => 'it is here twice',
  'object-out-of-order': () => 'it is out of order',
  'object-changed': () => 'it is not the screenshot that a record names',
  'picture-unopenable': () => 'its key does not open it, or its header was changed',
  'not-as-stated': () => 'it lies outside of what the sender says that this proof shows',
}

/** All findings, each with its place. */
export function describeFindings(proof: CheckedProof): string[] {
  return [
    ...proof.devices.flatMap(({ device, findings }) =>
      findings.map(finding => `${device}, ${finding.object}: ${describeFinding(finding)}`),
    ),
    ...proof.across.map(finding => {
      const say = acrossWords[finding.kind] as (found: typeof finding) => string
      return say(finding)
    }),
    ...proof.received.filter(isFinding).map(describeReceived),
  ]
}

/** What is worth knowing and no fault. */
export function describeNotes(proof: CheckedProof): string[] {
  return [
    ...proof.devices.flatMap(({ notes }) =>
      notes.map(note => {
        const say = noteWords[note.kind] as (found: typeof note) => string
        return say(note)
      }),
    ),
    ...proof.received.filter(head => !isFinding(head)).map(describeReceived),
  ]
}

function describeFinding(finding: ProofFinding): string {
  const say = (proofFindings[finding.kind] ?? findingWords[finding.kind as keyof typeof findingWords]) as (
    found: ProofFinding,
  ) => string
  return say(finding)
}

function describeReceived(head: ReceivedHead): string {
  const of = `The head of record ${head.seq} of ${head.device} that you received`
  switch (head.kind) {
    case 'bound':
      return `${of} is in this proof.`
    case 'contradicted':
      return `${of} names another record than this proof has in that place.`
    case 'absent':
      return `${of} is not in this proof, though its record lies within it.`
    case 'cut-off':
      return `${of} is newer than the end of this proof, which has no record after ${head.endsWith}: the end was cut off, or the proof was made before it.`
    case 'cut-before':
      return `${of} is older than the beginning of this proof, which begins after record ${head.startsAfter}: its beginning was cut off.`
    case 'after':
      return `${of} is newer than the dates of this proof, and binds nothing of it.`
    case 'before':
      return `${of} is older than the beginning of this proof, and binds only its key.`
    case 'other-device':
      return `${of} is of a device that is not in this proof.`
    case 'not-signed':
      return `${of} is damaged: its signature does not match it. Paste it again, whole.`
    default:
      throw head satisfies never
  }
}

const minutes = { one: 'minute', other: 'minutes' }
const days = { one: 'day', other: 'days' }
const shotForms = { one: 'screenshot', other: 'screenshots' }

function sumOf(all: readonly ReportDay[], which: (flag: ReportDay['flags'][number]) => boolean): number {
  return all.flatMap(day => day.flags.filter(which)).reduce((sum, { seconds }) => sum + seconds, 0)
}

/** By the clock of the person at that time. */
export function momentOf({ records }: ProvenDevice, instant: string | undefined): string {
  if (instant === undefined) return ''
  const zone = (records.findLast(({ at }) => at <= instant) ?? records[0])?.zone ?? 'UTC'
  const ms = Date.parse(instant)
  const { date, minute } = wallClock(ms, zone)
  const padded = (value: number) => String(value).padStart(2, '0')
  const seconds = padded(Math.floor(ms / 1000) % 60)
  return `${date} ${padded(Math.floor(minute / 60))}:${padded(minute % 60)}:${seconds} (${zone})`
}

function lengthOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`
  const all = Math.floor(seconds / 60)
  return all < 60 ? `${all} min` : `${Math.floor(all / 60)} h ${all % 60} min`
}
