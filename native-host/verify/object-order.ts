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
  /** Where a listing says it. */
  size?: number
  /** What the store says of its bytes without reading them: another one for other bytes. Absent where it says nothing. */
  stamp?: string
}

/**
 * A folder with objects; they are looked up only when their turn has come. A listing that comes in the order of numbers is
 * taken piece by piece, so that a folder of any size needs no memory.
 */
export type ObjectFolder = { first: number; list(): Promise<NamedObject[]> | AsyncIterable<NamedObject> }

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
  let open: Lane[] = []
  for (;;) {
    open = open.filter(({ head }) => head !== undefined)
    let next = leastOf(open)
    for (let folder = waiting[0]; folder && folder.first <= next; folder = waiting[0]) {
      waiting.shift()
      open.push(await openLane(folder))
      next = leastOf(open)
    }
    if (next === Number.POSITIVE_INFINITY) return
    const same: NamedObject[] = []
    for (const lane of open)
      while (lane.head?.seq === next) {
        same.push(lane.head)
        await lane.step()
      }
    yield* joinCopies(same)
  }
}

/** A folder that is being gone through. */
type Lane = { head: NamedObject | undefined; step(): Promise<void> | undefined }

async function openLane(folder: ObjectFolder): Promise<Lane> {
  const listed = folder.list()
  const lane =
    Symbol.asyncIterator in listed ? laneOfListing(listed) : laneOfArray((await listed).sort(bySeq))
  await lane.step()
  return lane
}

const bySeq = (a: NamedObject, b: NamedObject) => a.seq - b.seq

function laneOfArray(sorted: readonly NamedObject[]): Lane {
  let at = 0
  const lane: Lane = {
    head: undefined,
    step() {
      lane.head = sorted[at++]
      return undefined
    },
  }
  return lane
}

function laneOfListing(listed: AsyncIterable<NamedObject>): Lane {
  const objects = listed[Symbol.asyncIterator]()
  const lane: Lane = {
    head: undefined,
    async step() {
      const next = await objects.next()
      lane.head = next.done ? undefined : next.value
    },
  }
  return lane
}

function leastOf(open: readonly Lane[]): number {
  return open.reduce(
    (least, { head }) => Math.min(least, head?.seq ?? Number.POSITIVE_INFINITY),
    Number.POSITIVE_INFINITY,
  )
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
