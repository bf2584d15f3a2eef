const open = '<script type="application/json" id="data">'
const close = '</script>'

/** A page of a proof in its two parts: the text of its data, and what is around it. */
export type ProofPage = { data: string; around: string }

/**
 * The data of a page as a browser finds it. undefined where there is none, or where there are two, of which a browser shows
 * one.
 */
export function readProofPage(html: string): ProofPage | undefined {
  const from = html.indexOf(open) + open.length
  const to = html.indexOf(close, from)
  const isOne = html.match(/\bid\s*=\s*["']?data\b/gi)?.length === 1
  if (from < open.length || to < 0 || !isOne) return undefined
  return { data: html.slice(from, to), around: html.slice(0, from) + html.slice(to) }
}
