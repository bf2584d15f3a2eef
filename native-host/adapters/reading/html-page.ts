import { AppError } from '../../../protocol/errors.ts'

/** A picture that a page carries: opened, in the order in which it is written. */
export type PagePicture = { object: string; type: 'image/webp' | 'image/jpeg'; bytes: Uint8Array }

/**
 * A page of manifests/single-file-page.ts with its data in it, piece by piece: of all pictures one is in memory.
 * @throws AppError NOT_BUILT when it is no such page
 */
export async function* fillPage(
  template: string,
  data: unknown,
  pictures: AsyncIterable<PagePicture> | Iterable<PagePicture> = [],
): AsyncGenerator<string> {
  const [head, afterData, ...others] = template.split(dataMark)
  const [middle, tail, ...more] = afterData?.split(picturesMark) ?? []
  if (head === undefined || middle === undefined || tail === undefined || others.length + more.length > 0)
    throw new AppError('NOT_BUILT', { detail: 'a page' })
  yield isLinked(data) ? head.replace('img-src blob:', "img-src blob: 'self' file:") : head
  yield `${dataOpen}${inScript(JSON.stringify(data))}</script>`
  yield middle
  for await (const { object, type, bytes } of pictures)
    yield `<script type="${type};base64" data-object="${inAttribute(object)}">${Buffer.from(bytes).toString('base64')}</script>\n`
  yield tail
}

/** Pictures beside the page are files, which its policy otherwise keeps out. */
function isLinked(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'pictures' in data && data.pictures === 'linked'
}

const dataOpen = '<script type="application/json" id="data">'
const dataMark = `${dataOpen}null</script>`
const picturesMark = '<!-- pictures -->'

/** Nothing in JSON may end the element that it stands in; outside of strings JSON has no such signs. */
function inScript(json: string): string {
  return json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')
}

function inAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
