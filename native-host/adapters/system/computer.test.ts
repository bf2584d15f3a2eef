import assert from 'node:assert/strict'
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

test('in a line it reads like a computer, and what is not known is not said', () => {
  assert.equal(
    describeComputer({ model: 'Framework Laptop 13', system: 'Debian 13', memory_gib: 16 }),
    'Framework Laptop 13, Debian 13, 16 GiB of memory',
  )
  assert.equal(describeComputer({}), '')
})

test('whoever calls it off does not wait for it', async () => {
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
