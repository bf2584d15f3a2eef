import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { fillPage, type PagePicture } from '../../native-host/adapters/reading/html-page.ts'
import type { Report } from '../../protocol/report.ts'
import type { ReportPage } from '../../protocol/report-page.ts'
import { deliveredIn } from './report-month.ts'
import { seededRandom } from './seeded-random.ts'

const built = join(import.meta.dirname, '..', '..', 'dist', 'native-host', 'pages')

/** Writes the built page with this report in it, as the command does. Resolves with its address. */
export async function writeReportPage(
  folder: string,
  report: Report,
  pictures: 'none' | 'some' = 'none',
): Promise<string> {
  const page: ReportPage = { report, pictures: pictures === 'none' ? 'none' : 'embedded' }
  const template = await readFile(join(built, 'report.html'), 'utf8')
  const parts = fillPage(template, page, pictures === 'none' ? [] : await madeUpPictures(report))
  const path = join(folder, 'report.html')
  await writeFile(path, parts)
  return pathToFileURL(path).href
}

/** A window and some lines of text for each screenshot; a few are enough for all. */
async function madeUpPictures(report: Report): Promise<PagePicture[]> {
  const drawn = await Promise.all([1, 2, 3, 4, 5].map(draw))
  return deliveredIn(report).map((object, index) => {
    const bytes = drawn[index % drawn.length]
    if (!bytes) throw new Error('no picture')
    return { object, type: 'image/webp', bytes }
  })
}

function draw(seed: number): Promise<Buffer> {
  const random = seededRandom(seed)
  const hue = Math.round(random.uniform(0, 360))
  const lines = Array.from({ length: 12 }, (_, line) => {
    const width = Math.round(random.uniform(80, 250))
    return `<rect x="60" y="${64 + line * 18}" width="${width}" height="7" rx="3" fill="#98a2ad"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">
    <rect width="640" height="360" fill="hsl(${hue} 35% 32%)"/>
    <rect x="36" y="28" width="360" height="300" rx="6" fill="#fdfdfd"/>${lines.join('')}
    <rect x="430" y="60" width="170" height="230" rx="6" fill="#1d2126"/></svg>`
  return sharp(Buffer.from(svg)).webp().toBuffer()
}
