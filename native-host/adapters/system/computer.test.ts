import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, hostname, networkInterfaces, totalmem, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { describeComputer } from '../../../protocol/computer.ts'
import { readComputer } from './computer.ts'

const program = join(import.meta.dirname, '../../programs/computer-facts.ts')
const computer = await readComputer(
  program,
  { ...process.env, XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' },
  new AbortController().signal,
)

test('it says what kind of computer it is', {
  skip: process.platform !== 'linux' && 'reads what Linux says',
}, () => {
  const release = readFileSync('/etc/os-release', 'utf8')
  const name = /^NAME="?([^"\n]*)/m.exec(release)?.[1] ?? ''
  assert.ok(computer.system?.startsWith(name), JSON.stringify(computer))
  assert.equal(computer.desktop, 'GNOME')
  assert.equal(computer.memory_gib, Math.round(totalmem() / 2 ** 30))
  const brand =
    cpus()[0]
      ?.model.split(' ')
      .find(word => /^[A-Za-z]{3,}$/.test(word)) ?? ''
  assert.match(computer.processor ?? '', new RegExp(`${brand}.*core`, 'i'))
})

test('nothing tells it from another of its kind: no serial number, name, address or person', () => {
  const said = JSON.stringify(computer).toLowerCase()
  for (const [what, secret] of tellingFacts())
    assert.ok(!said.includes(secret.toLowerCase()), `${what}: ${secret}`)
  assert.deepEqual(
    Object.keys(computer).filter(
      key => !['model', 'system', 'desktop', 'processor', 'memory_gib'].includes(key),
    ),
    [],
  )
  assert.doesNotMatch(said, /[0-9a-f]{2}(:[0-9a-f]{2}){5}|\d+\.\d+\.\d+\.\d+|[0-9a-f]{8}-[0-9a-f]{4}/)
})

/** In a namespace of its own a computer has any name; the one that this test runs on may have a word for one. */
const named = (name: string, words: readonly string[]) => [
  ...['--map-root-user', '--uts', 'sh', '-c', 'printf %s "$0" > /proc/sys/kernel/hostname && exec "$@"'],
  ...[name, ...words],
]
const canBeNamed =
  process.platform === 'linux' && spawnSync('unshare', named('tracker-test', ['true'])).status === 0

test('the name that the user gave the computer is not in it', {
  skip: !canBeNamed && 'no computer can be given a name here',
}, () => {
  const name = 'annas-computer-4711'
  const ask = `
    const { askLibrary } = await import(${JSON.stringify(import.meta.resolve('./computer.ts'))})
    const { hostname } = await import('node:os')
    console.log(JSON.stringify([hostname(), await askLibrary(process.env)]))`
  const words = [process.execPath, '--no-warnings', '--input-type=module', '-e', ask]
  const [isNamed, said] = JSON.parse(spawnSync('unshare', named(name, words)).stdout.toString())
  assert.equal(isNamed, name)
  assert.ok(said.system, 'it was asked')
  assert.doesNotMatch(JSON.stringify(said), /annas|4711/)
})

test('in a line it reads like a computer, and what is not known is not said', () => {
  assert.equal(
    describeComputer({ model: 'Framework Laptop 13', system: 'Debian 13', memory_gib: 16 }),
    'Framework Laptop 13, Debian 13, 16 GiB of memory',
  )
  assert.equal(describeComputer({}), '')
})

test('a caller that aborts it does not wait for it', async () => {
  const off = AbortSignal.abort(new Error('off'))
  await assert.rejects(readComputer(program, process.env, off), /off/)
})

function tellingFacts(): [what: string, secret: string][] {
  const files = [
    '/sys/class/dmi/id/product_serial',
    '/sys/class/dmi/id/board_serial',
    '/sys/class/dmi/id/chassis_serial',
    '/sys/class/dmi/id/product_uuid',
    '/etc/machine-id',
    '/proc/sys/kernel/random/boot_id',
  ]
  const addresses = Object.values(networkInterfaces())
    .flat()
    .flatMap(found => (found ? [found.mac, found.address] : []))
  const facts: [string, string][] = [
    ...files.map((file): [string, string] => [file, textOf(file)]),
    ...addresses.map((address): [string, string] => ['an address', address]),
    ['the name', hostname()],
    ['the person', userInfo().username],
  ]
  return facts.filter(([, secret]) => secret.length > 3)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
