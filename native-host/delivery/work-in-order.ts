/** Limits of parallel work: `atOnce` items past the gate, `ahead` prepared in front of it, `begun` in all. */
export type WorkLimits = { atOnce: number; ahead: number; begun: number }

/** The gate between the work that may be done early and the work with limited parallelism. */
export type Gate = {
  /** Resolves in the order of the items: whether this one may go on. False: not now, it counts as not begun. */
  leave: Promise<boolean>
  /** Makes room at the gate for the next item. The rest of this item's work runs in parallel. */
  pass(): void
}

type Work<T> = {
  /** The item behind `last`, or the first; undefined when there is none right now. */
  next(last: T | undefined): T | undefined
  /** Never rejects. `before` is the item that was begun before this one. */
  begin(item: T, before: T | undefined, gate: Gate): Promise<void>
  /** Called before each item. undefined: no other begins, and those at the gate are turned away. */
  limits(): WorkLimits | undefined
  /** To be called when `next` may have another answer. */
  onNews(look: () => void): void
}

/**
 * Works on the items in order, several at the same time, each begun only after earlier ones. Ends when no
 * item is left or may begin, and all begun work has ended.
 * @param after the item behind which it begins
 */
export async function workInOrder<T>(work: Work<T>, after: T | undefined): Promise<void> {
  const { next, begin, limits, onNews } = work
  let news = Promise.withResolvers<void>()
  const look = () => news.resolve()
  onNews(look)
  const begun = new Set<Promise<void>>()
  const atGate = new Map<T, (mayGo: boolean) => void>()
  const past = new Set<T>()
  let last = after

  for (;;) {
    const limit = limits()
    for (const [item, answer] of atGate) {
      if (limit && past.size >= limit.atOnce) break
      atGate.delete(item)
      if (limit) past.add(item)
      answer(limit !== undefined)
    }
    const item = limit && hasRoom(limit) ? next(last) : undefined
    if (item !== undefined) start(item)
    else if (begun.size === 0) return
    else {
      await news.promise
      news = Promise.withResolvers()
    }
  }

  function hasRoom({ atOnce, ahead, begun: most }: WorkLimits): boolean {
    return past.size + atGate.size < atOnce + ahead && begun.size < most
  }

  function start(item: T): void {
    const { promise: leave, resolve } = Promise.withResolvers<boolean>()
    atGate.set(item, resolve)
    const pass = () => {
      if (past.delete(item) || atGate.delete(item)) look()
    }
    const working = begin(item, last, { leave, pass }).then(() => {
      pass()
      begun.delete(working)
      look()
    })
    begun.add(working)
    last = item
  }
}
