import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import packageFile from '../package.json' with { type: 'json' }

type Entry = {
  version?: string
  integrity?: string
  resolved?: string
  hasInstallScript?: boolean
  os?: string | string[]
  cpu?: string | string[]
}

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const lock: { packages: Record<string, Entry> } = JSON.parse(read('package-lock.json'))
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')

test('every package is locked by a hash of its content, and comes from the registry', () => {
  for (const [path, { integrity = '', resolved = '' }] of packages) {
    assert.match(integrity, /^sha512-[\w+/]{86}==$/, path)
    assert.doesNotMatch(resolved, /^(git|file|http:)/, path)
  }
})

test('no package runs a program while it is installed', () => {
  assert.match(read('.npmrc'), /^ignore-scripts=true$/m)
  // If a user runs them all the same: those that have one are known not to need it.
  const withScript = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
  assert.deepEqual(
    withScript,
    Object.keys(packageFile.allowScripts).map(name => `node_modules/${name}`),
  )
  assert.ok(Object.values(packageFile.allowScripts).every(allowed => allowed === false))
})

test('the runtime is locked for each system that we run on, in one version', () => {
  const runtimes = packages.filter(([path]) => /^node_modules\/node-(bin-)?(linux|darwin|win)-/.test(path))
  assert.deepEqual(runtimes.map(([, { os, cpu }]) => `${os} ${cpu}`).sort(), [
    'darwin arm64',
    'darwin x64',
    'linux arm64',
    'linux x64',
    'win32 x64',
  ])
  const versions = new Set(runtimes.map(([, { version }]) => version))
  assert.deepEqual([...versions], [process.versions.node])
})
