import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import sharp from 'sharp'
import { openDatabase } from '../native-host/adapters/store/sqlite.ts'
import { someKeycode } from '../test/support/hardware-input.ts'
import { press, stateShown } from '../test/support/page-parts.ts'
import { type Stage, setStage, startAgent, untilStatus } from '../test/support/stage.ts'

/**
 * `npm run docs:pictures`: the README's picture, of the real popup and options page of a real tracker. Only the
 * earlier hours of its day are made up, since a day takes a day.
 */
const folder = join(import.meta.dirname, 'images')
const gap = 24
const popupSize = { width: 360, height: 540 }
const optionsSize = { width: 1000, height: 760 }

await using stage = await setStage({ width: 1280, height: 800 })
await startAgent(stage)
await stage.cli('start', '--acknowledge')
await stage.cli('stop')
rememberMorning(stage.home.places.stateDb)
const browser = await stage.launch('chromium')
const popup = await browser.open('popup')
await stateShown(popup, 'tracking')
await work(stage)
await press(popup, 'screenshot-now')

const parts = [await draw(popup, popupSize), await draw(await browser.open('options'), optionsSize)]
await mkdir(folder, { recursive: true })
await sharp({
  create: {
    width: 3 * gap + popupSize.width + optionsSize.width,
    height: 2 * gap + optionsSize.height,
    channels: 3,
    background: '#dfe6e2',
  },
})
  .composite([
    { input: parts[0], left: gap, top: gap },
    { input: parts[1], left: 2 * gap + popupSize.width, top: gap },
  ])
  .png({ palette: true })
  .toFile(join(folder, 'popup-and-options.png'))

/** Minutes of the hours before this one, busier towards the middle of the morning. */
function rememberMorning(stateDb: string): void {
  const now = Temporal.Now.zonedDateTimeISO()
  const { db } = openDatabase(stateDb)
  const add = db.prepare(
    `REPLACE INTO minute (date, minute, keys, clicks, wheel, distance_px, active_seconds, flagged_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
  )
  const end = now.hour * 60 + now.minute
  for (let minute = Math.max(0, end - 420); minute < end; minute++) {
    const lunch = minute % 420 > 250 && minute % 420 < 300
    const seconds = lunch ? 0 : Math.round(31 + 19 * Math.sin(minute / 37) + 10 * Math.sin(minute / 7))
    add.run(
      now.toPlainDate().toString(),
      minute,
      seconds * 2,
      Math.round(seconds / 9),
      3,
      seconds * 90,
      seconds,
    )
  }
  db.close()
}

async function work({ input, tap }: Stage): Promise<void> {
  const agent = await tap()
  await untilStatus(agent, 'input to be counted', status => status.input.state === 'counting')
  for (let key = 0; key < 40; key++) input.pressKey(someKeycode)
  await input.flush()
}

async function draw(page: Page, size: { width: number; height: number }): Promise<Buffer> {
  await page.bringToFront()
  await page.setViewport(size)
  // The first live counts and the fonts.
  await new Promise(resolve => setTimeout(resolve, 2500))
  return Buffer.from(await page.screenshot())
}
