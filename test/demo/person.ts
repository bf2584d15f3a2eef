import { setTimeout as sleep } from 'node:timers/promises'
import type { HardwareInput } from '../support/hardware-input.ts'

/** What was really done, to compare with what is recorded. */
export type Done = { keys: number; clicks: number; wheel: number }

/** Where typing and clicking does no harm. */
export type Area = { left: number; top: number; right: number; bottom: number }

/**
 * Writes, points, clicks and scrolls in `area` at the pace of a person until `signal` aborts; everything that was
 * begun is finished and on the server when it resolves. The same `random` gives the same session.
 */
export async function workLikeAPerson(
  { input, area, done, random }: { input: HardwareInput; area: Area; done: Done; random: () => number },
  signal: AbortSignal,
): Promise<void> {
  const between = (low: number, high: number) => low + (high - low) * random()
  let pointer = { x: (area.left + area.right) / 2, y: (area.top + area.bottom) / 2 }

  const type = async (word: string) => {
    for (const letter of `${word} `) {
      done.keys += input.typeText(letter)
      await sleep(between(50, 150))
      if (signal.aborted) return
    }
  }
  /** Along a slightly bent path, slow at both ends, as a hand moves. */
  const point = async () => {
    const from = pointer
    const to = { x: between(area.left, area.right), y: between(area.top, area.bottom) }
    const bend = between(-0.15, 0.15)
    const steps = Math.ceil(between(25, 50))
    for (let step = 1; step <= steps; step++) {
      const along = step / steps
      const eased = along * along * (3 - 2 * along)
      const aside = bend * Math.sin(Math.PI * eased)
      pointer = {
        x: clamp(from.x + (to.x - from.x) * eased + (to.y - from.y) * aside, area.left, area.right),
        y: clamp(from.y + (to.y - from.y) * eased - (to.x - from.x) * aside, area.top, area.bottom),
      }
      input.moveTo(Math.round(pointer.x), Math.round(pointer.y))
      await sleep(between(8, 18))
    }
  }
  const click = async () => {
    input.click()
    done.clicks++
    await sleep(between(120, 300))
  }
  const scroll = async () => {
    const direction = random() < 0.7 ? 1 : -1
    for (let step = 0; step < 4; step++) {
      input.wheel(direction)
      done.wheel++
      await sleep(between(40, 110))
    }
  }

  for (let turn = 0; !signal.aborted; turn++) {
    const word = words[Math.floor(random() * words.length)] ?? 'word'
    await type(word)
    if (turn % 4 === 1) await point()
    if (turn % 4 === 1) await click()
    if (turn % 6 === 3) await scroll()
  }
  await input.flush()
}

/** Small, fast and seeded, so that a demo that failed can be run again as it was. By Tommy Ettinger (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}

const words =
  'every minute holds a little work and a pause that nobody has to explain so we count what was done and leave what was said to the person who said it'.split(
    ' ',
  )
