import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { mallocForAllDay } from './malloc-settings.ts'

const isLinux = process.platform === 'linux'
const pieces = 40
const pieceBytes = 1_000_000

test('large blocks leave nothing behind between small ones that stay', { skip: !isLinux }, () => {
  const kept = keptOfLargeBlocks(mallocForAllDay)
  assert.ok(kept < 0.1, `${kept} of it`)
})

/** Otherwise the test above would show nothing. */
test('by itself malloc keeps them', { skip: !isLinux }, () => {
  const kept = keptOfLargeBlocks({})
  assert.ok(kept > 0.5, `${kept} of it`)
})

/** Which share of what large blocks took is still there after they were freed. */
function keptOfLargeBlocks(set: Record<string, string>): number {
  const env = { PATH: process.env.PATH, ...set }
  const words = ['--no-warnings', '--input-type=module', '--eval', comeAndGo]
  return Number(execFileSync(process.execPath, words, { env, encoding: 'utf8' }))
}

const comeAndGo = `
  import { dlopen } from 'node:ffi'
  const { malloc, memset, free } = dlopen(null, {
    malloc: { arguments: ['u64'], return: 'pointer' },
    memset: { arguments: ['pointer', 'i32', 'u64'], return: 'pointer' },
    free: { arguments: ['pointer'], return: 'void' },
  }).functions
  free(malloc(8_000_000n))
  const before = process.memoryUsage.rss()
  const large = Array.from({ length: ${pieces} }, () => {
    const address = malloc(${pieceBytes}n)
    memset(address, 1, ${pieceBytes}n)
    malloc(4000n)
    return address
  })
  for (const address of large) free(address)
  console.log((process.memoryUsage.rss() - before) / ${pieces * pieceBytes})
`
