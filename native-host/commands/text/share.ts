import { counted } from '../../kernel/counted.ts'
import type { Handed } from '../../proof/make-bundle.ts'

/** Handing over a proof, and checking one. */
export const share = {
  noDates:
    'give --from DATE, and --until DATE for more than one day, such as --from 2026-11-23 --until 2026-11-27',
  badDates: 'dates are written 2026-11-23 and in their order, and hours 09:00-17:00',
  noHead: (device: string) => `${device}: its newest file has no head that can be shown`,
  progress: (done: number) => `Opening … ${done}`,
  notOpened: (name: string, why: string) =>
    `${name} cannot be opened (${why}). The proof shows it as missing.`,
  heading: (from: string, until: string, only: readonly string[]) =>
    `This will be handed over, from ${from} until ${until}${only.length > 0 ? `, only ${only.join(' and ')}` : ''}:`,
  handed: ({ device, days, shown, withheld, pictures, withheldPictures }: Handed) =>
    `  ${device}: ${counted(shown, minutes)} on ${counted(days, dayForms)} and ${counted(pictures, shots)}. ` +
    `Withheld: ${counted(withheld, minutes)} and ${counted(withheldPictures, shots)}, of which only the signed heads are in it.`,
  plain: (out: string) => `It goes into ${out}, which anyone who has the file can read.`,
  sealed: (out: string, count: number) =>
    `It goes into ${out}, encrypted for ${counted(count, { one: 'recipient', other: 'recipients' })}.`,
  question: 'Write it? [y/N] ',
  nothingWritten: 'Nothing was written.',
  written: (out: string) => `Written: ${out}`,
  fingerprint: 'Tell the reader this fingerprint in another way than you send the file:',
  pageDiffers:
    'The page around the data is not the one of this version, so in a browser it may show something else than what is said here.',
  failed: (count: number) =>
    `${counted(count, { one: 'problem', other: 'problems' })} in all; each is listed above`,
  fingerprintIs: (fingerprint: string) =>
    `Its fingerprint is ${fingerprint}. Compare it with the one that the sender gave you.`,
  proves: 'What this proves',
  cannot: 'What it cannot prove',
}

const minutes = { one: 'minute', other: 'minutes' }
const dayForms = { one: 'day', other: 'days' }
const shots = { one: 'screenshot', other: 'screenshots' }
