import '../../../extension/ui/theme.css'
import './proof.css'
import { render } from 'preact'
import { parseProof } from '../../../protocol/proof.ts'
import { fingerprintOf } from '../../proof/fingerprint.ts'
import { browserCrypto } from './browser-crypto.ts'
import { ProofView } from './proof-view.tsx'
import { text } from './text.ts'

const root = document.getElementById('page')
if (root) void show(root)

async function show(root: HTMLElement): Promise<void> {
  const data = document.getElementById('data')?.textContent ?? ''
  // What others put on this page besides its data is none of it.
  root.replaceChildren()
  document.body.replaceChildren(root)
  document.title = text.title
  if (!('Temporal' in globalThis) || !('fromBase64' in Uint8Array)) return say(root, text.oldBrowser)
  const bundle = parseProof(data)
  if (!bundle) return say(root, text.damaged)
  const fingerprint = fingerprintOf(await browserCrypto.hashOf(new TextEncoder().encode(data)))
  render(<ProofView bundle={bundle} fingerprint={fingerprint} />, root)
}

function say(root: HTMLElement, sentence: string): void {
  render(
    <main>
      <h1>{text.title}</h1>
      <p class="verdict" data-tone="stop" role="status">
        {sentence}
      </p>
    </main>,
    root,
  )
}
