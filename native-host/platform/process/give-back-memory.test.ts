import assert from 'node:assert/strict'
import { test } from 'node:test'
import { giveBackMemory } from './give-back-memory.ts'
import { loadFfi } from './load-ffi.ts'

const isLinux = process.platform === 'linux'
const pieces = 2000
const pieceBytes = 16_384

test('what malloc holds free goes back to the system', { skip: !isLinux }, () => {
  fragment()
  const before = process.memoryUsage.rss()
  giveBackMemory()
  const givenBack = before - process.memoryUsage.rss()
  assert.ok(givenBack > 0.8 * pieces * pieceBytes, `${givenBack} bytes`)
})

/** The last piece stays, or glibc would give back what lies before it by itself. */
function fragment(): void {
  using libc = loadFfi().dlopen(null, {
    malloc: { arguments: ['u64'], return: 'pointer' },
    memset: { arguments: ['pointer', 'i32', 'u64'], return: 'pointer' },
    free: { arguments: ['pointer'], return: 'void' },
  })
  const { malloc, memset, free } = libc.functions
  const addresses = Array.from({ length: pieces }, () => malloc(BigInt(pieceBytes)))
  for (const address of addresses) memset(address, 1, BigInt(pieceBytes))
  for (const address of addresses.slice(0, -1)) free(address)
}
