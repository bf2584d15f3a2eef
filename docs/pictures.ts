import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import sharp from 'sharp'
import { type Database, openDatabase } from '../native-host/adapters/store/sqlite.ts'
import { someKeycode } from '../test/support/hardware-input.ts'
import { press, stateShown } from '../test/support/page-parts.ts'
import { type Stage, startAgent, startScenario, untilStatus } from '../test/support/scenario.ts'

/**
 * `npm run docs:pictures`: the README's picture, of the real popup and options page of a real tracker. Only the
 * earlier hours of its day are made up, since a day takes a day.
 */
const folder = join(import.meta.dirname, 'images')
const gap = 24
const popupSize = { width: 360, height: 540 }
/** In minutes after the beginning of work. */
const lunch = { from: 250, to: 300 }
const optionsSize = { width: 1000, height: 820 }

await using stage = await startScenario({ width: 1280, height: 800 })
await startAgent(stage)
await stage.cli('start', '--acknowledge')
// Records whose numbers the morning takes.
for (const word of ['pause', 'resume', 'pause', 'resume']) await stage.cli(word)
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
  const begin = Math.max(0, end - 420)
  for (let minute = begin; minute < end; minute++) {
    const isLunch = minute - begin >= lunch.from && minute - begin < lunch.to
    const seconds = isLunch ? 0 : Math.round(31 + 19 * Math.sin(minute / 37) + 10 * Math.sin(minute / 7))
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
  rememberCourse(db, now.startOfDay().add({ minutes: begin }), end - begin)
  db.close()
}

/** When those hours were spent: few rows, since the next record must find its number free. */
function rememberCourse(db: Database, begin: Temporal.ZonedDateTime, minutes: number): void {
  const at = (minute: number) => begin.add({ minutes: minute }).toInstant().toString()
  const spent = (from: number, to: number, presence: string) => ({
    kind: 'interval',
    at: at(to),
    from: at(from),
    length_ms: (to - from) * 60_000,
    presence,
  })
  const rows = [
    {
      kind: 'gap',
      at: at(0),
      cause: 'computer-off',
      from: begin.startOfDay().toInstant().toString(),
      to: at(0),
    },
    spent(0, lunch.from, 'active'),
    spent(lunch.from, lunch.to, 'away'),
    spent(lunch.to, minutes - 70, 'active'),
    { kind: 'paused', at: at(minutes - 70), until: null, by: 'Chromium' },
    { kind: 'resumed', at: at(minutes - 55), by: 'Chromium' },
    spent(minutes - 55, minutes, 'active'),
  ]
  // As the tracker calls it, or the day would have two.
  const { zone } = db.prepare("SELECT line ->> 'zone' AS zone FROM course LIMIT 1").get() ?? {}
  const { head } = db.prepare('SELECT MAX(seq) AS head FROM chain_head').get() ?? {}
  if (typeof head !== 'number' || head < rows.length) throw new Error(`${head} records are too few`)
  db.exec('DELETE FROM course')
  const add = db.prepare('INSERT INTO course (seq, at, kind, line) VALUES (?, ?, ?, ?)')
  for (const [index, row] of rows.entries()) {
    const place = { seq: index + 1, prev: '0'.repeat(64), zone, offset: begin.offset }
    add.run(place.seq, row.at, row.kind, JSON.stringify({ ...place, ...row }))
  }
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
