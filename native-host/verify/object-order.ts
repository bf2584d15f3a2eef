/** A delivered object by its name, which gives its place in the order of sealing. */
export type NamedObject = {
  path: string
  name: string
  seq: number
  sha256: string
  kind: 'records' | 'screenshot'
  /** Of the folders that it lies in, where they are those of a key: device/date/name. */
  device: string | undefined
  date: string | undefined
}

/** A folder with objects; they are looked up only when their turn has come. */
export type ObjectFolder = { first: number; list(): Promise<NamedObject[]> }

/** undefined for a name that is no object of a tracker. */
export function parseObjectName(path: string, name: string): NamedObject | undefined {
  const { seq, sha256, kind } =
    /^(?<seq>\d{12})-(?<sha256>[0-9a-f]{64})\.(?:(?<kind>records)\.ndjson\.zst|screenshot\.(?:webp|jpg))\.age$/.exec(
      name,
    )?.groups ?? {}
  if (seq === undefined || sha256 === undefined) return undefined
  const { device, date } =
    /(?<device>[^/\\]+)[/\\](?<date>\d{4}-\d\d-\d\d)[/\\][^/\\]*$/.exec(path)?.groups ?? {}
  return { path, name, seq: Number(seq), sha256, kind: kind ? 'records' : 'screenshot', device, date }
}

/** `copies`: where else it lies under the same name, device and date. */
export type OrderedObject = NamedObject & { copies: string[] }

/**
 * All objects in the order of their numbers, each once in each place. Folders are days, and days overlap only around midnight and
 * where a clock was set, so that few of them are open at a time.
 */
export async function* inOrder(folders: readonly ObjectFolder[]): AsyncGenerator<OrderedObject> {
  const waiting = folders.toSorted((a, b) => a.first - b.first)
  let open: NamedObject[][] = []
  for (;;) {
    open = open.filter(list => list.length > 0)
    let next = firstOf(open)
    for (let folder = waiting[0]; folder && (!next || folder.first <= headSeq(next)); folder = waiting[0]) {
      waiting.shift()
      open.push((await folder.list()).sort((a, b) => b.seq - a.seq))
      next = firstOf(open)
    }
    if (!next) return
    const seq = headSeq(next)
    yield* joinCopies(open.flatMap(list => list.splice(list.findLastIndex(each => each.seq !== seq) + 1)))
  }
}

/** Copies in two places are one object, and under another date they are two. */
function joinCopies(objects: readonly NamedObject[]): OrderedObject[] {
  const joined: OrderedObject[] = []
  for (const object of objects) {
    const first = joined.find(other => isCopy(other, object))
    if (!first) joined.push({ ...object, copies: [] })
    else if (first.path !== object.path) first.copies.push(object.path)
  }
  return joined
}

function isCopy(one: NamedObject, other: NamedObject): boolean {
  return one.name === other.name && one.device === other.device && one.date === other.date
}

/** Lists are reversed, so that the first can be taken from the end. */
function firstOf(open: readonly NamedObject[][]): NamedObject[] | undefined {
  return open.reduce<NamedObject[] | undefined>(
    (best, list) => (list.length > 0 && (!best || headSeq(list) < headSeq(best)) ? list : best),
    undefined,
  )
}

function headSeq(list: readonly NamedObject[]): number {
  return list.at(-1)?.seq ?? Number.POSITIVE_INFINITY
}
