import { AppError } from '../../protocol/errors.ts'
import { parseProof } from '../../protocol/proof.ts'
import { budgets } from '../kernel/budgets.ts'
import { checkBundle } from '../proof/check-bundle.ts'
import { fingerprintOf, readFingerprint } from '../proof/fingerprint.ts'
import { gatherFacts } from '../proof/gather-facts.ts'
import { readProofPage } from '../proof/page-data.ts'
import {
  describeDevice,
  describeFindings,
  describeNotes,
  describeVerdict,
  proofWords,
} from '../proof/proof-words.ts'
import { readHeadLines } from '../proof/received-lines.ts'
import type { CommandContext } from './context.ts'
import { jsonLines } from './outcome.ts'
import { text } from './text.ts'

const words = text.share

export type ProofOptions = { identity: readonly string[]; fingerprint?: string; heads?: string }

export function isProofFile(path: string): boolean {
  return /\.html(\.age)?$/i.test(path)
}

/** Checks a proof as its page does, and says the same. @throws AppError PROOF_UNREADABLE | PROOF_NOT_SOUND */
export async function verifyProof(
  path: string,
  options: ProofOptions,
  context: CommandContext,
  form: 'json' | 'text',
): Promise<void> {
  const { proofs, terminal } = context
  const bytes = await context.readFile(path, budgets.proofBytes.most)
  const isSealed = path.toLowerCase().endsWith('.age')
  const html = new TextDecoder().decode(isSealed ? await proofs.open(bytes, options.identity) : bytes)
  const page = readProofPage(html)
  const bundle = page && parseProof(page.data)
  if (!page || !bundle) throw new AppError('PROOF_UNREADABLE', { detail: path })
  const { heads: received, bad } = readHeadLines(
    options.heads === undefined
      ? ''
      : new TextDecoder().decode(await context.readFile(options.heads, budgets.receivedHeads.most)),
  )
  if (bad > 0) throw new AppError('USAGE', { detail: proofWords.heads.unreadable(bad) })
  const crypto = await proofs.crypto()
  const facts = await gatherFacts(bundle, received, crypto)
  const proof = checkBundle(bundle, { facts, sha256: crypto.sha256, received })
  const fingerprint = fingerprintOf(context.delivered.sha256(page.data))
  const compared = compare(options.fingerprint, fingerprint)
  const found = proof.found + (compared === 'differs' ? 1 : 0)
  const findings = describeFindings(proof)
  const verdict = compared === 'differs' ? proofWords.fingerprint.differs : describeVerdict(proof).text
  const isOwnPage = page.around === (await proofs.around())
  const notes = [...describeNotes(proof), ...(isOwnPage ? [] : [words.pageDiffers])]
  await terminal.out(
    form === 'json'
      ? jsonLines({
          found,
          verdict,
          fingerprint,
          findings,
          notes,
          devices: proof.devices.map(device => ({
            device: device.device,
            keys: device.keys,
            segments: device.segments,
            missing: device.missing,
            shown_from: device.shownFrom ?? null,
            shown_to: device.shownTo ?? null,
            bound_to: device.boundTo ?? null,
            days: device.days,
          })),
        })
      : [
          verdict,
          ...findings.map(finding => `✘ ${finding}`),
          '',
          compared === 'missing' ? words.fingerprintIs(fingerprint) : proofWords.fingerprint[compared],
          ...(options.heads === undefined ? [proofWords.heads.missing] : []),
          ...proof.devices.flatMap(device => [
            '',
            device.device,
            ...describeDevice(device, bundle).map(
              ({ kind, text: sentence }) => `  ${`${proofWords.titles[kind]}:`.padEnd(11)} ${sentence}`,
            ),
          ]),
          ...notes.map(note => `– ${note}`),
          '',
          words.proves,
          ...proofWords.proves.map(sentence => `  ${sentence}`),
          words.cannot,
          ...proofWords.cannot.map(sentence => `  ${sentence}`),
        ],
  )
  if (found > 0) throw new AppError('PROOF_NOT_SOUND', { detail: words.failed(found) })
}

/** @throws AppError USAGE for what is no fingerprint */
function compare(given: string | undefined, fingerprint: string): 'missing' | 'matches' | 'differs' {
  if (given === undefined) return 'missing'
  const read = readFingerprint(given)
  if (read === undefined) throw new AppError('USAGE', { detail: proofWords.fingerprint.invalid })
  return read === fingerprint ? 'matches' : 'differs'
}
