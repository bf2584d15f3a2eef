import { join } from 'node:path'
import sharp from 'sharp'
import { prepareFolder } from '../../native-host/adapters/destination/folder/destination.ts'
import { readDevicePublicKey } from '../../native-host/adapters/seal/device-key.ts'
import { isoOf } from '../../native-host/kernel/instants.ts'
import { type ManualClock, manualClock } from '../manual-clock.ts'
import { type Genuine, runTracker } from './genuine-history.ts'

type Run = Awaited<ReturnType<typeof runTracker>>

/** A word that stands in records before nine, and in no others. */
export const canary = 'canary-before-nine'

/**
 * Two short days by the clock of Berlin, then of Lisbon: work from 08:57 on, a pause, a flagged stretch of which a part is
 * withdrawn, a crash, pictures of which one is deleted and one blurred.
 */
export async function workedDays(root: string, device: string): Promise<Genuine> {
  const delivered = join(root, 'delivered')
  await prepareFolder(delivered)
  const clock = manualClock('2026-11-23T07:57:00.000Z', 'Europe/Berlin')
  const home = join(root, `home of ${device}`)
  {
    await using run = await runTracker({ home, delivered, device, clock, holdSeconds: 600 })
    run.journal.append({ kind: 'agent.started', version: '1', previous_end: null })
    run.journal.append({ kind: 'resumed', by: canary })
    await work(run, clock, 2)
    run.journal.append({ kind: 'resumed', by: canary })
    await work(run, clock, 4)
    await take(run, clock, 'first')
    await work(run, clock, 2)
    await pause(run, clock, 4)
    await work(run, clock, 2)
    await flag(run, clock)
    await take(run, clock, 'deleted')
    await take(run, clock, 'blurred')
    const [deleted, blurred] = run.screenshots.list.value.slice(-2)
    await work(run, clock, 1)
    await run.screenshots.remove(deleted?.object ?? '', 'chromium')
    await run.screenshots.blur(blurred?.object ?? '', 'chromium')
    await work(run, clock, 2)
    await clock.pass(700_000)
    await work(run, clock, 1)
    await run.deliver()
  }
  await clock.pass(23 * 3_600_000)
  clock.setZone('Europe/Lisbon')
  clock.readZone()
  await using run = await runTracker({ home, delivered, device, clock })
  run.journal.append({ kind: 'agent.started', version: '1', previous_end: 'killed' })
  run.journal.append({
    kind: 'zone.changed',
    from: { zone: 'Europe/Berlin', offset: '+01:00' },
    to: { zone: 'Europe/Lisbon', offset: '+00:00' },
  })
  await work(run, clock, 4)
  await take(run, clock, 'second')
  await work(run, clock, 3)
  run.journal.append({ kind: 'agent.ended', reason: 'asked' })
  await run.sealing.sealAll()
  await run.deliver()
  const key = (await readDevicePublicKey(run.places)) ?? ''
  return { delivered, identity: run.places.identity, keys: [key], now: clock.now(), devices: [device] }
}

/** Minutes of intervals, each minute a segment. */
async function work(run: Run, clock: ManualClock, minutes: number, isGenuine = true): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    for (let n = 0; n < 6; n++) {
      const from = clock.now()
      await clock.pass(10_000)
      run.journal.append({
        kind: 'interval',
        from: isoOf(from),
        length_ms: 10_000,
        ...{ keys: 12 + n, clicks: 2, wheel: 1, distance_px: 420 + minute },
        ...{ active_seconds: 6, activity: '1111110000', presence: 'active' },
        genuineness: isGenuine
          ? { verdict: 'genuine', rules: 1, evidence: [] }
          : {
              verdict: 'scripted',
              rules: 1,
              confidence: 0.9,
              evidence: [{ feature: 'even', value: 0.99, text: 'Keys came every 100 ms.' }],
            },
      })
    }
    await run.sealing.sealAll()
  }
}

async function pause(run: Run, clock: ManualClock, minutes: number): Promise<void> {
  const until = clock.now().add({ minutes })
  run.journal.append({ kind: 'paused', until: isoOf(until), by: 'chromium' })
  await run.sealing.sealAll()
  await clock.pass(minutes * 60_000)
  run.journal.append({ kind: 'resumed' })
}

async function flag(run: Run, clock: ManualClock): Promise<void> {
  const from = clock.now()
  await work(run, clock, 3, false)
  run.journal.append({
    kind: 'verdict.withdrawn',
    from: isoOf(from.add({ minutes: 2 })),
    to: isoOf(from.add({ minutes: 3 })),
    by: 'chromium',
  })
  await run.sealing.sealAll()
}

async function take(run: Run, clock: ManualClock, word: string): Promise<void> {
  const [width, height] = [480, 270]
  const drawing = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#cfe3dc"/><text x="24" y="60" font-size="32">${word}</text></svg>`
  const bytes = await sharp(Buffer.from(drawing)).webp().toBuffer()
  const picture = { bytes, format: 'webp' as const, width, height }
  const facts = { display: 1, of: 1, blurred: false }
  await run.screenshots.keep({ at: clock.now(), picture, facts }, new AbortController().signal)
}
