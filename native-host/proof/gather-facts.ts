import type { ProofBundle, ProofObject } from '../../protocol/proof.ts'
import type { SignedHead } from '../journal/chain-head.ts'
import type { Sha256 } from '../journal/chain-link.ts'
import { hashOfRest, parseSignedHead, readSealedParts } from '../journal/sealed-head.ts'

/** What takes cryptography. A browser does it with WebCrypto, a command with Node. */
export type ProofCrypto = {
  /** Of short texts, tens of thousands of them. */
  sha256: Sha256
  hashOf(bytes: Uint8Array): Promise<string>
  isSigned(head: SignedHead): Promise<boolean>
  /** Whether the key is that of this age file: it makes the MAC of its header. */
  fits(sealed: Uint8Array, fileKey: Uint8Array): Promise<boolean>
}

/** What a sealed picture in a bundle shows by itself. */
export type PictureFacts = {
  hash: string
  head: SignedHead | undefined
  rest: string | undefined
  fits: boolean
}

export type ProofFacts = {
  isSigned(head: SignedHead): boolean
  /** undefined for what is no base64. */
  pictureOf(object: ProofObject): PictureFacts | undefined
}

const atOnce = 32

/**
 * Computes everything that a check of the bundle asks for and that browsers only compute asynchronously.
 * @param received heads that the reader has from elsewhere
 * @param onStep called for each object
 */
export async function gatherFacts(
  bundle: ProofBundle,
  received: readonly SignedHead[],
  tools: ProofCrypto,
  onStep: () => void = () => undefined,
): Promise<ProofFacts> {
  const signed = new Map<string, boolean>()
  const pictures = new Map<ProofObject, PictureFacts>()
  const check = async (head: SignedHead | undefined) => {
    if (head) signed.set(idOf(head), await tools.isSigned(head))
  }
  const objects = bundle.devices.flatMap(device => device.objects)
  await Promise.all(received.map(check))
  for (let from = 0; from < objects.length; from += atOnce)
    await Promise.all(
      objects.slice(from, from + atOnce).map(async object => {
        if ('sealed' in object) {
          const facts = await factsOf(object, tools)
          if (facts) pictures.set(object, facts)
          await check(facts?.head)
        } else await check(object.head === undefined ? undefined : parseSignedHead(object.head))
        onStep()
      }),
    )
  return {
    isSigned: head => signed.get(idOf(head)) === true,
    pictureOf: object => pictures.get(object),
  }
}

function idOf(head: SignedHead): string {
  return JSON.stringify(head)
}

async function factsOf(
  object: Extract<ProofObject, { sealed: string }>,
  tools: ProofCrypto,
): Promise<PictureFacts | undefined> {
  const [sealed, fileKey] = [bytesOf(object.sealed), bytesOf(object.file_key)]
  if (!sealed || !fileKey) return undefined
  const parts = readSealedParts(sealed)
  const others = parts?.others
  const rest =
    others && hashOfRest(await tools.hashOf(others.before), await tools.hashOf(others.payload), tools.sha256)
  return {
    hash: await tools.hashOf(sealed),
    head: parts?.head,
    rest,
    fits: await tools.fits(sealed, fileKey),
  }
}

/** Only one text for each bytes: a changed one must not pass for the same. */
export function bytesOf(base64: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.fromBase64(base64, { lastChunkHandling: 'strict' })
    return /\s/.test(base64) ? undefined : bytes
  } catch {
    return undefined
  }
}
