import { setTimeout as sleep } from 'node:timers/promises'
import { browserNames } from '../test/support/browsers.ts'
import { timePopup } from '../test/support/popup-timing.ts'
import { startScenario } from '../test/support/scenario.ts'
import { type Benchmark, type Figure, median } from './figure.ts'

const openings = 7

/** The real popup of real browsers, which needs `npm run build` before. */
const popup: Benchmark = {
  what: 'the popup of both browsers, from opening to its first true state',
  async measure() {
    const figures: Figure[] = []
    for (const name of browserNames) {
      await using stage = await startScenario()
      const browser = await stage.launch(name)
      const page = await browser.open('options')
      const times: number[] = []
      for (let opening = 0; opening < openings; opening++) {
        times.push((await timePopup(page)).sinceDocumentMs)
        // A browser refuses to open a popup while it is still closing the last one.
        await sleep(300)
      }
      figures.push({ name: `popup shows its state, ${name}`, value: median(times), unit: 'ms', limit: 150 })
    }
    return figures
  },
}
export default popup
