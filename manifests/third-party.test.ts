import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import packageFile from '../package.json' with { type: 'json' }
import { shippedPackages, thirdPartyNotices } from './third-party.ts'

const root = join(import.meta.dirname, '..')
const shipped = shippedPackages(root)
const find = (name: string) => shipped.find(found => found.name === name)

test('everything that we depend on is named, with the full text of its licence', () => {
  for (const name of Object.keys(packageFile.dependencies)) assert.ok(find(name), name)
  for (const { name, texts } of shipped) assert.ok(texts.join('').length > 500, name)
})

test('what comes with it is named too, and what only builds it is not', () => {
  const text = thirdPartyNotices(root)
  assert.match(
    text,
    /^@img\/sharp-libvips-\S+ \S+ \(LGPL-3\.0-or-later\)\n[\s\S]*GNU LESSER GENERAL PUBLIC LICENSE/m,
  )
  assert.match(text, /^webextension-polyfill \S+ \(MPL-2\.0\)\n[\s\S]*Mozilla Public License Version 2\.0/m)
  assert.match(text, /^glib +\| LGPLv3|^\| glib +\| LGPLv3/m, 'what libvips brings along')
  for (const name of Object.keys(packageFile.devDependencies)) assert.equal(find(name), undefined, name)
})
