import type { Clock } from '../../kernel/ports.ts'
import { readKernelFile } from '../../platform/files/read-within.ts'

/**
 * A text that is another after each start of the computer. Linux has one (random(4)); elsewhere it is the minute of
 * the start, which a clock that was set by more than that changes as well.
 */
export function bootId({ now, uptimeMs }: Pick<Clock, 'now' | 'uptimeMs'>): string {
  try {
    return readKernelFile('/proc/sys/kernel/random/boot_id').trim()
  } catch {
    const started = now().subtract({ milliseconds: Math.round(uptimeMs()) })
    return started.round('minute').toString()
  }
}
