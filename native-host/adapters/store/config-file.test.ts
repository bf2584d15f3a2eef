import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { defaultSettings } from '../../../protocol/settings.ts'
import { openConfigFile } from './config-file.ts'

describe('the configuration file', () => {
  test('holds only what differs from the defaults, readable, for this user only', async () => {
    using world = makeWorld()
    const store = await openConfigFile(world.path)
    assert.equal(existsSync(world.path), false, 'reading writes nothing')
    await store.change('screenshot_interval', 60)
    await store.change('blur_screenshots', false)
    await store.change('screenshot_interval', 300)
    assert.equal(readFileSync(world.path, 'utf8'), '{\n  "blur_screenshots": false\n}\n')
    assert.equal(statSync(world.path).mode & 0o777, 0o600)
    assert.deepEqual(world.files(), ['config.json'])
  })

  test('the rest of a change that its process did not survive goes, that of a living one stays', async () => {
    using world = makeWorld('{ "idle_after": 60 }')
    const { pid: dead } = spawnSync(process.execPath, ['--version'])
    writeFileSync(`${world.path}.${dead}.tmp`, '{ "idle')
    writeFileSync(`${world.path}.${process.ppid}.tmp`, '{ "idle')
    assert.equal((await openConfigFile(world.path)).current.value.idle_after, 60)
    assert.deepEqual(world.files(), ['config.json', `config.json.${process.ppid}.tmp`])
  })

  test('may be written by hand, with the mark that some editors put in front', async () => {
    using world = makeWorld('\uFEFF{ "screenshot_interval": 60 }')
    const store = await openConfigFile(world.path)
    assert.deepEqual(store.current.value, { ...defaultSettings, screenshot_interval: 60 })
    assert.deepEqual(store.problems, [])
  })

  const broken: { name: string; contents: string | Uint8Array }[] = [
    { name: 'empty', contents: '' },
    { name: 'cut off', contents: '{ "screenshot_interval": 6' },
    { name: 'no JSON', contents: '[settings]\nscreenshot_interval = 60\n' },
    { name: 'a list', contents: '[]' },
    { name: 'null', contents: 'null' },
    { name: 'no UTF-8', contents: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) },
    { name: 'nested without end', contents: '['.repeat(200_000) },
  ]
  for (const { name, contents } of broken)
    test(`${name}: kept aside, defaults used, said`, async () => {
      using world = makeWorld(contents)
      const store = await openConfigFile(world.path)
      const [problem] = store.problems
      assert.equal(problem?.code, 'CONFIG_BROKEN')
      assert.match(problem?.detail ?? '', /\/config\.broken-2[\dTZ.-]+\.json$/)
      assert.deepEqual(readFileSync(problem?.detail ?? ''), Buffer.from(contents))
      assert.deepEqual(store.current.value, defaultSettings)

      await store.change('idle_after', 60)
      const again = await openConfigFile(world.path)
      assert.deepEqual([again.problems, again.current.value.idle_after], [[], 60])
      assert.equal(world.files().length, 2)
    })

  test('a folder in its place is refused: the defaults would decide where records go', async () => {
    using world = makeWorld()
    mkdirSync(world.path)
    await assert.rejects(openConfigFile(world.path), {
      code: 'PLACE_NOT_SAFE',
      detail: `${world.path} is a folder`,
    })
    assert.deepEqual(world.files(), ['config.json'])
  })

  test('single bad values get their default and are named, and the others stay', async () => {
    const contents = '{ "screenshot_interval": 1, "idle_after": 60, "colour": "blue", "constructor": 1 }'
    using world = makeWorld(contents)
    const store = await openConfigFile(world.path)
    assert.deepEqual(store.current.value, { ...defaultSettings, idle_after: 60 })
    assert.deepEqual(
      store.problems.map(({ code, detail }) => [code, detail]),
      [
        ['SETTING_INVALID', 'screenshot_interval takes a whole number from 5 to 3600 (seconds)'],
        ['SETTING_UNKNOWN', 'colour'],
        ['SETTING_UNKNOWN', 'constructor'],
      ],
    )
    assert.deepEqual(world.files(), ['config.json'], 'reading changes nothing')
  })

  test('the first change keeps aside what it would overwrite, the second has nothing to keep', async () => {
    const contents = '{ "screenshot_interval": 1, "idle_after": 60, "colour": "blue" }'
    using world = makeWorld(contents)
    const store = await openConfigFile(world.path)
    await store.change('screenshots', false)
    await store.change('screenshots', true)
    const [aside = '', config, ...more] = world.files()
    assert.match(aside, /^config\.broken-/)
    assert.deepEqual([config, more], ['config.json', []])
    assert.equal(readFileSync(join(world.folder, aside), 'utf8'), contents)
    assert.equal(readFileSync(world.path, 'utf8'), '{\n  "idle_after": 60\n}\n')
  })
})

function makeWorld(contents?: string | Uint8Array) {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  const path = join(folder, 'config.json')
  if (contents !== undefined) writeFileSync(path, contents)
  return {
    folder,
    path,
    files: () => readdirSync(folder).sort(),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
