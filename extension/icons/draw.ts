import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

/** Run after an SVG here changed: `node extension/icons/draw.ts`. Browsers want the toolbar's icons as PNG. */
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

await mkdir(path('../public/icons'), { recursive: true })
for (const name of ['tracking', 'resting'])
  for (const size of [16, 32, 48, 128])
    await sharp(path(`${name}.svg`), { density: (72 * size) / 128 })
      .resize(size, size)
      .png({ compressionLevel: 9 })
      .toFile(path(`../public/icons/${name}-${size}.png`))
