import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCanary, pathsWithCanary } from '../support/canary.ts'
import { createTrackerHome } from '../support/tracker-home.ts'

const canary = createCanary('QuxZebra')
const rows: [name: string, text: Buffer, found: boolean][] = [
  ['nothing', Buffer.from('just some words'), false],
  ['the word', Buffer.from('…QuxZebra…'), true],
  ['another case', Buffer.from('quxzebra'), true],
  ['UTF-16', Buffer.from('quxzebra', 'utf16le'), true],
  ['hexadecimal', Buffer.from(Buffer.from('QuxZebra').toString('hex')), true],
  ...[0, 1, 2].map((shift): [string, Buffer, boolean] => [
    `base64, ${shift} bytes in`,
    Buffer.from(Buffer.from(`${'x'.repeat(shift)}QuxZebra and more`).toString('base64')),
    true,
  ]),
  ['its letters as a list', Buffer.from(JSON.stringify([...'quxzebra'])), true],
  ['half of it', Buffer.from('quxz ebra'), false],
]
for (const [name, text, found] of rows)
  test(`a canary is ${found ? 'found' : 'not found'} in ${name}`, () =>
    assert.equal(canary.findIn(text), found))

test('a folder is searched to its depths, hidden files included', async () => {
  await using home = await createTrackerHome()
  const leak = join(home.root, 'a', '.b', 'state.db-wal')
  await mkdir(join(leak, '..'), { recursive: true })
  await writeFile(leak, Buffer.concat([Buffer.alloc(5000), Buffer.from('quxzebra')]))
  await writeFile(join(home.root, 'harmless'), 'zebra')
  assert.deepEqual(await pathsWithCanary(home.root, [canary]), [leak])
})
