import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { singleFilePage } from './manifests/single-file-page.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** A page that the command line fills with data: `vite build --config vite.pages.config.ts --mode report` makes one. */
export default defineConfig(({ mode }) => ({
  // Nothing but the page itself is beside it.
  publicDir: false,
  build: {
    outDir: path('dist/native-host/pages'),
    emptyOutDir: false,
    // Of browsers on phones too, which are not always new.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    cssCodeSplit: false,
    modulePreload: false,
    // It is part of every report that is written.
    minify: true,
    rolldownOptions: {
      input: path(`native-host/pages/${mode}/main.tsx`),
      output: { format: 'iife', entryFileNames: `${mode}.js` },
    },
  },
  plugins: [singleFilePage({ name: mode, root: path('.') })],
}))
