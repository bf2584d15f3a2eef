import type { NewItem, PictureFormat } from '../../delivery/ports.ts'

/**
 * What the name of a file in the outbox says: everything that its index row holds, so that files alone are enough
 * to go on when the index is lost.
 */
export type ItemName = {
  seq: number
  /** UTC. */
  date: string
  content: NewItem['content']
  /** Of the file's bytes. */
  sha256: string
}

const seqDigits = 12
const recordsExtension = 'records.ndjson.zst.age'
const pictureExtensions: Record<PictureFormat, string> = {
  webp: 'screenshot.webp.age',
  jpeg: 'screenshot.jpg.age',
}

/** 000000000042_2026-11-22_r17-90_<sha256>.records.ndjson.zst.age or …_s_<sha256>.screenshot.webp.age */
export function formatName({ seq, date, content, sha256 }: ItemName): string {
  const covers = content.kind === 'records' ? `r${content.from}-${content.to}` : 's'
  return `${pad(seq)}_${date}_${covers}_${sha256}.${extensionOf(content)}`
}

const pattern =
  /^(?<seq>\d{12})_(?<date>\d{4}-\d\d-\d\d)_(?:r(?<from>\d{1,15})-(?<to>\d{1,15})|s)_(?<sha256>[0-9a-f]{64})\.(?<extension>.+)$/

export function parseName(file: string): ItemName | undefined {
  const { seq, date, from, to, sha256, extension } = pattern.exec(file)?.groups ?? {}
  if (seq === undefined || date === undefined || sha256 === undefined) return undefined
  const content =
    from === undefined || to === undefined
      ? pictureContent(extension)
      : { kind: 'records' as const, from: Number(from), to: Number(to) }
  if (content === undefined || extension !== extensionOf(content)) return undefined
  return { seq: Number(seq), date, content, sha256 }
}

function extensionOf(content: NewItem['content']): string {
  return content.kind === 'records' ? recordsExtension : pictureExtensions[content.format ?? 'webp']
}

function pictureContent(extension: string | undefined): NewItem['content'] | undefined {
  if (extension === pictureExtensions.webp) return { kind: 'screenshot' }
  return extension === pictureExtensions.jpeg ? { kind: 'screenshot', format: 'jpeg' } : undefined
}

/** Padded, so that a bucket lists a day's objects in their order. */
export function keyOf(device: string, { seq, date, content, sha256 }: ItemName): string {
  return `${device}/${date}/${pad(seq)}-${sha256}.${extensionOf(content)}`
}

/** The item's place in the queue, as its key says it. */
export function seqOf(key: string): number | undefined {
  const seq = /\/(\d+)-[0-9a-f]{64}\.[^/]*$/.exec(key)?.[1]
  return seq === undefined ? undefined : Number(seq)
}

/** The highest record number in the item, 0 for none. */
export function coveredBy({ content }: ItemName): number {
  return content.kind === 'records' ? content.to : 0
}

function pad(seq: number): string {
  return String(seq).padStart(seqDigits, '0')
}
