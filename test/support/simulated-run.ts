import { gapBeforeStart, type PreviousEnd } from '../../native-host/journal/start-gap.ts'
import type { Entry, JournalRecord } from '../../protocol/records.ts'

/** What happens to a computer and the tracker on it, one after the other; `after` is in seconds. */
export type Happening = { after: number } & (
  | { kind: 'pause'; forSeconds: number | undefined }
  | { kind: 'resume' | 'kill' | 'end' | 'shut-down' | 'start' | 'lose-input' | 'find-input' }
  | { kind: 'suspend' | 'unsuspend'; reason: 'low-battery' | 'outbox-full' }
  | { kind: 'sleep'; forSeconds: number; told: 'before' | 'afterwards' }
  | { kind: 'set-clock'; bySeconds: number }
  | { kind: 'fill-disk'; forSeconds: number }
)

/** Second by second, what was true. */
export type Truth = { second: number; cause: string }

/**
 * The records that a tracker writes of all this, in its order, and what really was. It is a model of the agent: what
 * it has in common with it is the rule for the record at a start.
 */
export function simulateRun(happenings: readonly Happening[], baseMs = Date.parse('2026-11-22T10:00:00Z')) {
  const records: JournalRecord[] = []
  const truth: Truth[] = []
  let t = 0
  let shift = 0
  let monotonic = 0
  let boots = 0
  let alive = true
  let inputSeen = true
  let diskFull = false
  let pause: { until: number | undefined } | undefined
  const suspensions = new Set<string>()
  let open: { wall: string; monotonic: number } | undefined
  let waiting: Entry[] = []
  let previous: PreviousEnd = { kind: 'none' }
  let lastWrite: string | undefined

  const wallMs = () => baseMs + (t + shift) * 1000
  const iso = (ms: number) => new Date(ms).toISOString()
  const write = (entry: Entry) => {
    const at = iso(wallMs())
    records.push({
      seq: records.length + 1,
      prev: '0'.repeat(64),
      at,
      zone: 'UTC',
      offset: '+00:00',
      ...entry,
    })
    lastWrite = at
  }
  const gate = () => alive && !pause && suspensions.size === 0
  const openWindow = () => {
    open = { wall: iso(wallMs()), monotonic }
  }
  const closeWindow = () => {
    if (!open) return
    const length = monotonic - open.monotonic
    const interval: Entry = {
      kind: 'interval',
      from: open.wall,
      length_ms: length * 1000,
      ...{ keys: 0, clicks: 0, wheel: 0, distance_px: 0, active_seconds: 0 },
      activity: '',
      presence: inputSeen ? 'idle' : 'unknown',
      genuineness: { verdict: 'genuine', rules: 1, evidence: [] },
    }
    open = undefined
    if (length === 0) return
    if (diskFull) waiting.push(interval)
    else write(interval)
  }
  const followGate = () => {
    if (!gate()) closeWindow()
    else if (!open) openWindow()
  }
  const second = (cause?: string) => {
    truth.push({ second: t, cause: cause ?? trueCause() })
    t += 1
    if (cause === 'asleep') return
    monotonic += 1
    if (!alive) return
    if (pause?.until !== undefined && wallMs() >= pause.until) {
      pause = undefined
      write({ kind: 'resumed' })
      followGate()
    }
    if (open && (wallMs() / 1000) % 10 === 0) {
      closeWindow()
      openWindow()
    }
  }
  const trueCause = () => {
    if (pause && wallMs() < (pause.until ?? Number.POSITIVE_INFINITY)) return 'paused'
    if (!alive) return 'down'
    const [suspension] = suspensions
    if (suspension) return suspension
    return inputSeen ? 'covered' : 'input-lost'
  }
  const die = (end: PreviousEnd) => {
    alive = false
    open = undefined
    waiting = []
    previous = end
    suspensions.clear()
    inputSeen = true
  }
  const boot = () => `boot ${boots}`
  const start = () => {
    const now = iso(wallMs())
    const gap = gapBeforeStart({ previous, lastSign: lastWrite, now, boot: boot(), repaired: false })
    alive = true
    if (gap) write(gap)
    write({
      kind: 'agent.started',
      version: '1',
      previous_end: previous.kind === 'killed' ? 'killed' : 'clean',
    })
    followGate()
  }

  start()
  for (const happening of happenings) {
    for (let n = 0; n < happening.after; n++) second()
    happen(happening)
  }
  for (let n = 0; n < 12; n++) second()
  return { records, truth }

  function happen(happening: Happening): void {
    switch (happening.kind) {
      case 'pause': {
        if (!alive) break
        const until = happening.forSeconds === undefined ? undefined : wallMs() + happening.forSeconds * 1000
        pause = { until }
        write({ kind: 'paused', until: until === undefined ? null : iso(until), by: 'chromium' })
        followGate()
        break
      }
      case 'resume':
        if (!alive || !pause) break
        pause = undefined
        write({ kind: 'resumed', by: 'chromium' })
        followGate()
        break
      case 'suspend':
        if (!alive || suspensions.has(happening.reason)) break
        suspensions.add(happening.reason)
        write({ kind: 'suspended', reason: happening.reason })
        followGate()
        break
      case 'unsuspend':
        if (!alive || !suspensions.delete(happening.reason)) break
        write({ kind: 'unsuspended', reason: happening.reason })
        followGate()
        break
      case 'kill':
        if (alive) die({ kind: 'killed', boot: boot() })
        break
      case 'end':
      case 'shut-down': {
        if (!alive) break
        closeWindow()
        const reason = happening.kind === 'end' ? 'asked' : 'signal'
        write({ kind: 'agent.ended', reason })
        die({ kind: 'clean', reason, boot: boot() })
        if (happening.kind === 'shut-down') boots += 1
        break
      }
      case 'start':
        if (!alive) start()
        break
      case 'lose-input':
        if (!gate() || !inputSeen) break
        inputSeen = false
        write({ kind: 'input.lost', code: 'INPUT_NO_DISPLAY' })
        break
      case 'find-input':
        if (!gate() || inputSeen) break
        inputSeen = true
        write({ kind: 'input.restored' })
        break
      case 'sleep': {
        const from = iso(wallMs())
        const told = alive && happening.told === 'before'
        if (told) write({ kind: 'presence.changed', presence: 'asleep', from, source: 'logind' })
        for (let n = 0; n < happening.forSeconds; n++) second('asleep')
        if (!alive) break
        const to = iso(wallMs())
        if (!told) write({ kind: 'presence.changed', presence: 'asleep', from, to, source: 'clock' })
        write({ kind: 'presence.changed', presence: 'active', from: to, source: 'input' })
        break
      }
      case 'set-clock':
        shift += happening.bySeconds
        if (!alive) break
        write({ kind: 'clock.changed', by_ms: happening.bySeconds * 1000 })
        // A pause stays as long as it was meant to be.
        if (pause?.until === undefined) break
        pause.until += happening.bySeconds * 1000
        write({ kind: 'paused', until: iso(pause.until), by: 'chromium' })
        break
      case 'fill-disk': {
        if (!alive) break
        const from = lastWrite ?? iso(wallMs())
        const paused = pause
        if (paused) break
        diskFull = true
        for (let n = 0; n < happening.forSeconds; n++) second()
        diskFull = false
        write({ kind: 'gap', cause: 'disk-full', from, to: iso(wallMs()), detail: 'DISK_FULL' })
        for (const interval of waiting.splice(0)) write(interval)
        break
      }
      default:
        throw happening satisfies never
    }
  }
}
