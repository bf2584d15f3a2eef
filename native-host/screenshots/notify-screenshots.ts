import type { Settings } from '../../protocol/settings.ts'
import type { Log } from '../kernel/ports.ts'
import { type ReadonlySignal, watch } from '../kernel/signals.ts'
import type { Notice } from '../privacy/ports.ts'

/**
 * Shows a notification for each screenshot, if the setting says so. The toolbar button shows it by itself: the
 * extension sees it in the status.
 */
export function tellScreenshots(
  parts: { taken: ReadonlySignal<unknown>; settings: ReadonlySignal<Settings>; notice: Notice; log: Log },
  signal: AbortSignal,
): void {
  const { taken, settings, notice, log } = parts
  let failed = false
  watch(
    taken,
    () => {
      if (settings.value.screenshot_notice === 'notification') void tell()
    },
    signal,
  )

  async function tell(): Promise<void> {
    const shown = await notice.show('A screenshot was taken.')
    if (!shown && !failed) log({ event: 'notification-not-shown' })
    failed = !shown
  }
}
