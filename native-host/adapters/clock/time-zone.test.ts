import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { readTimeZone, zoneSignature } from './time-zone.ts'

/** A computer of which only the files about its zone exist; the zones themselves are those of this one. */
function computer(files: {
  link?: string
  copyOf?: string
  bytes?: string
  timezone?: string
  zones?: false
}) {
  const root = mkdtempSync(join(tmpdir(), 'at-'))
  const etc = join(root, 'etc')
  mkdirSync(etc)
  if (files.zones !== false) {
    mkdirSync(join(root, 'usr/share'), { recursive: true })
    symlinkSync('/usr/share/zoneinfo', join(root, 'usr/share/zoneinfo'))
  }
  if (files.link !== undefined) symlinkSync(files.link, join(etc, 'localtime'))
  if (files.copyOf !== undefined)
    copyFileSync(join('/usr/share/zoneinfo', files.copyOf), join(etc, 'localtime'))
  if (files.bytes !== undefined) writeFileSync(join(etc, 'localtime'), files.bytes)
  if (files.timezone !== undefined) writeFileSync(join(etc, 'timezone'), files.timezone)
  return {
    root,
    read: (env: NodeJS.ProcessEnv = {}, platform: NodeJS.Platform = 'linux') =>
      readTimeZone({ env, platform, root }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true }),
  }
}

const linked: [link: string, zone: string][] = [
  ['/usr/share/zoneinfo/Europe/Berlin', 'Europe/Berlin'],
  ['../usr/share/zoneinfo/America/St_Johns', 'America/St_Johns'],
  // The name that the person chose, where Node says Asia/Katmandu and America/New_York.
  ['/usr/share/zoneinfo/Asia/Kathmandu', 'Asia/Kathmandu'],
  ['/usr/share/zoneinfo/US/Eastern', 'US/Eastern'],
  ['/usr/share/zoneinfo/posix/Europe/Paris', 'Europe/Paris'],
  ['/usr/share/zoneinfo/right/Europe/Paris', 'Europe/Paris'],
  ['/usr/share/zoneinfo/Etc/GMT-3', 'Etc/GMT-3'],
  // macOS.
  ['/var/db/timezone/zoneinfo/Australia/Lord_Howe', 'Australia/Lord_Howe'],
  ['/usr/share/zoneinfo.default/Pacific/Chatham', 'Pacific/Chatham'],
  // NixOS.
  ['/etc/zoneinfo/Asia/Tokyo', 'Asia/Tokyo'],
]
for (const [link, zone] of linked)
  test(`/etc/localtime → ${link} is ${zone}, whether or not zones are installed`, () => {
    for (const zones of [undefined, false] as const) {
      using here = computer({ link, ...(zones === false && { zones }) })
      assert.deepEqual(here.read(), { zone, problem: undefined })
      assert.deepEqual(here.read({}, 'darwin'), { zone, problem: undefined })
    }
  })

const others: [name: string, files: Parameters<typeof computer>[0], zone: string][] = [
  ['no /etc/localtime at all is UTC, as localtime(5) says', {}, 'UTC'],
  ['a copy with its name beside it', { copyOf: 'Europe/Oslo', timezone: 'Europe/Oslo\n' }, 'Europe/Oslo'],
  [
    'a copy without a name is the zone in use of the same rules',
    { copyOf: 'Europe/Berlin' },
    'Europe/Berlin',
  ],
  [
    'a copy beside an old name is what its bytes say',
    { copyOf: 'Asia/Tokyo', timezone: 'Europe/Oslo' },
    'Asia/Tokyo',
  ],
]
for (const [name, files, zone] of others)
  test(name, () => {
    using here = computer(files)
    assert.deepEqual(here.read(), { zone, problem: undefined })
  })

const unclear: [name: string, files: Parameters<typeof computer>[0], zone: string][] = [
  ['a link to no zone', { link: '/usr/share/zoneinfo/Nowhere/None' }, 'UTC'],
  ['a link to anything', { link: '/etc/passwd' }, 'UTC'],
  ['a file that is no zone', { bytes: 'garbage' }, 'UTC'],
  ['an empty file', { bytes: '' }, 'UTC'],
  ['a file that is no zone beside a name', { bytes: 'garbage', timezone: 'Europe/Madrid' }, 'Europe/Madrid'],
]
for (const [name, files, zone] of unclear)
  test(`${name} is ZONE_UNCLEAR, and ${zone} is used`, () => {
    using here = computer(files)
    const found = here.read()
    assert.equal(found.zone, zone)
    assert.equal(found.problem?.code, 'ZONE_UNCLEAR')
    assert.equal(found.problem?.detail?.startsWith(`${zone}; /etc/localtime`), true)
  })

const variables: [text: string, zone: string][] = [
  ['Europe/Berlin', 'Europe/Berlin'],
  [':Europe/Berlin', 'Europe/Berlin'],
  ['/usr/share/zoneinfo/Asia/Tokyo', 'Asia/Tokyo'],
  [':/usr/share/zoneinfo/posix/Asia/Tokyo', 'Asia/Tokyo'],
  ['', 'UTC'],
  ['UTC0', '+00:00'],
  ['<+0545>-5:45', '+05:45'],
  ['<-03>3', '-03:00'],
  ['UTC-03:30:00', '+03:30'],
  ['posix/Asia/Tokyo', 'Asia/Tokyo'],
  ['right/Asia/Tokyo', 'Asia/Tokyo'],
  ['EST5EDT', 'EST5EDT'],
  // As glibc has it: the rule of one file or another, and without days those of the United States.
  ['CET-1CEST,M3.5.0,M10.5.0/3', 'CET'],
  [':CET-1CEST,M3.5.0,M10.5.0/3', 'CET'],
  ['CET-01CEST,M3.5.0/2,M10.5.0/3', 'CET'],
  ['NST3:30NDT', 'America/St_Johns'],
  ['AEST-10AEDT,M10.1.0,M4.1.0/3', 'Australia/Hobart'],
]
for (const [text, zone] of variables)
  test(`TZ=${text} is ${zone}, for any zone of the system`, () => {
    using here = computer({ link: '/usr/share/zoneinfo/America/New_York' })
    assert.deepEqual(here.read({ TZ: text }), { zone, problem: undefined })
  })

const ownZone = [
  ':/etc/localtime',
  '/etc/localtime',
  '/etc//./localtime',
  '/usr/../etc/localtime',
  '../../../etc/localtime',
  'localtime',
  ':localtime',
  '/usr/share/zoneinfo/localtime',
  '/home/linked',
]
const owns: [system: Parameters<typeof computer>[0], zone: string][] = [
  [{ link: '/usr/share/zoneinfo/America/New_York' }, 'America/New_York'],
  [{ link: '/usr/share/zoneinfo/US/Eastern' }, 'US/Eastern'],
  [{ copyOf: 'Europe/Oslo', timezone: 'Europe/Oslo\n' }, 'Europe/Oslo'],
  [{ copyOf: 'Asia/Tokyo' }, 'Asia/Tokyo'],
]
for (const text of ownZone)
  test(`TZ=${text} is the zone of the system`, () => {
    for (const [files, zone] of owns) {
      using here = computer(files)
      mkdirSync(join(here.root, 'home'))
      symlinkSync('../etc/localtime', join(here.root, 'home/linked'))
      assert.deepEqual(here.read({ TZ: text }), { zone, problem: undefined })
    }
  })

test('TZ=/etc/localtime of a system whose zone is unclear is just as unclear', () => {
  using here = computer({ bytes: 'garbage', timezone: 'Europe/Madrid' })
  assert.deepEqual(here.read({ TZ: ':/etc/localtime' }), here.read())
  assert.equal(here.read().problem?.code, 'ZONE_UNCLEAR')
})

test('TZ may name a file of a zone anywhere, by a link or as a copy', () => {
  using here = computer({ link: '/usr/share/zoneinfo/America/New_York' })
  mkdirSync(join(here.root, 'opt'))
  copyFileSync('/usr/share/zoneinfo/Asia/Tokyo', join(here.root, 'opt/copy'))
  symlinkSync('/usr/share/zoneinfo/Europe/Oslo', join(here.root, 'opt/link'))
  assert.deepEqual(here.read({ TZ: ':/opt/copy' }), { zone: 'Asia/Tokyo', problem: undefined })
  assert.deepEqual(here.read({ TZ: '/opt/link' }), { zone: 'Europe/Oslo', problem: undefined })
})

test('a rule that is the one of the system names the zone of the system', () => {
  using here = computer({ link: '/usr/share/zoneinfo/Europe/Vienna' })
  const found = here.read({ TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' })
  assert.deepEqual(found, { zone: 'Europe/Vienna', problem: undefined })
})

// glibc changes the hour of the first of them on days on which no country in Europe does.
for (const text of ['CET-1CEST', 'Bogus/Zone', ':/etc/hostname', 'UTC99', '/dev/zero', '/nowhere/localtime'])
  test(`TZ=${text} has no name: ZONE_UNCLEAR, and the zone of the system is used`, () => {
    using here = computer({ link: '/usr/share/zoneinfo/America/New_York' })
    const found = here.read({ TZ: text })
    assert.equal(found.zone, 'America/New_York')
    assert.equal(found.problem?.detail, `America/New_York; TZ=${text}`)
  })

test('everything that changes the zone changes its signature, and nothing else does', () => {
  using here = computer({ link: '/usr/share/zoneinfo/Europe/Berlin' })
  const path = join(here.root, 'etc/localtime')
  const seen = new Set<string>()
  const look = (env: NodeJS.ProcessEnv = {}) => seen.add(zoneSignature({ env, root: here.root }))
  look()
  look()
  writeFileSync(join(dirname(path), 'hostname'), 'another')
  look()
  assert.equal(seen.size, 1)
  look({ TZ: 'Asia/Tokyo' })
  rmSync(path)
  look()
  symlinkSync('/usr/share/zoneinfo/Asia/Tokyo', path)
  look()
  rmSync(path)
  copyFileSync('/usr/share/zoneinfo/Europe/Berlin', path)
  look()
  copyFileSync('/usr/share/zoneinfo/Asia/Tokyo', path)
  look()
  assert.equal(seen.size, 6)
  const own = { TZ: ':/etc/own' }
  look(own)
  symlinkSync('/usr/share/zoneinfo/Asia/Tokyo', join(here.root, 'etc/own'))
  look(own)
  assert.equal(seen.size, 8)
})

test('where only the runtime knows, as on Windows, it is asked again and gives a zone of IANA', () => {
  const before = process.env.TZ
  try {
    for (const zone of ['Asia/Tokyo', 'Europe/Berlin']) {
      process.env.TZ = zone
      assert.deepEqual(readTimeZone({ env: process.env, platform: 'win32' }), { zone, problem: undefined })
    }
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
})
