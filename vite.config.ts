import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin'
import { defineConfig } from 'vite'
import { type BrowserFamily, manifestFor } from './extension/manifest.ts'
import { welcomePage } from './extension/pages.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const { version } = JSON.parse(readFileSync(path('package.json'), 'utf8'))

/** One extension, two builds: `vite build --mode chromium` and `--mode firefox`. */
export default defineConfig(({ mode }) => {
  const family: BrowserFamily = mode === 'firefox' ? 'firefox' : 'chromium'
  return {
    // So that pages have the same address in the extension as in the source tree.
    root: path('extension'),
    build: {
      outDir: path(`dist/${family}`),
      emptyOutDir: true,
      target: family === 'firefox' ? 'firefox142' : 'chrome144',
      // People who install this may want to read it; it is small enough.
      minify: false,
      license: { fileName: 'THIRD-PARTY.md' },
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { welcome: path(`extension/${welcomePage}`) } },
    },
    plugins: [
      crx({
        manifest: manifestFor(family, version) as ManifestV3Export,
        browser: family === 'firefox' ? 'firefox' : 'chrome',
      }),
    ],
  }
})
