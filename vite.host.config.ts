import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { writeLauncher } from './manifests/launcher.ts'
import { thirdPartyNotices } from './manifests/third-party.ts'
import { commandFlags, programEnvironments } from './native-host/platform/process/program-environment.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const programs = ['bridge', 'agent', 'cli', 'input-hook', 'screen-grab', 'picture-edit', 'computer-facts']

/**
 * The programs of the computer, as they are installed: each a file of its own that shares chunks with the others.
 * What is imported with `import()` stays a chunk of its own, so that the S3 client costs nothing until a bucket is set.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node26',
    outDir: path('dist/native-host'),
    emptyOutDir: true,
    sourcemap: true,
    // People who install this may want to read it.
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(
        programs.map(name => [
          name,
          path(`native-host/${name === 'agent' ? 'agent/main' : `programs/${name}`}.ts`),
        ]),
      ),
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: {
    noExternal: true,
    // They bring compiled code or start files of their own, which no bundle can hold.
    external: ['@napi-rs/keyring', 'uiohook-napi', 'sharp', 'screenshot-desktop'],
  },
  plugins: [commandLauncher(), notices()],
})

/** `dist/native-host/activity-tracker`: the command line with the Node that it was built for, independent of the PATH. */
function commandLauncher(): Plugin {
  return {
    name: 'command-launcher',
    writeBundle: () =>
      writeLauncher({
        path: path(
          process.platform === 'win32'
            ? 'dist/native-host/activity-tracker.cmd'
            : 'dist/native-host/activity-tracker',
        ),
        platform: process.platform,
        command: [process.execPath, ...commandFlags, path('dist/native-host/cli.js')],
        env: {},
        keep: programEnvironments['command-line'],
      }),
  }
}

/** `dist/native-host/THIRD-PARTY.txt`: whose work is shipped, and under which licence. */
function notices(): Plugin {
  return {
    name: 'third-party-notices',
    writeBundle: () => writeFile(path('dist/native-host/THIRD-PARTY.txt'), thirdPartyNotices(path('.'))),
  }
}
