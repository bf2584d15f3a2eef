import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReportCache } from '../../native-host/adapters/reading/report-cache.ts'
import { openConfigFile } from '../../native-host/adapters/store/config-file.ts'
import { openLog } from '../../native-host/adapters/system/log.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { readOwnFile } from '../../native-host/platform/files/own-files.ts'

/** A file of its own with this text in it, for as long as `look` takes. */
export async function withFile<T>(text: string | Uint8Array, look: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  try {
    const path = join(folder, 'file')
    await writeFile(path, text)
    return await look(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const problemsOf = (text: string) => withFile(text, async path => (await openConfigFile(path)).problems)

function ownFile(most: number): Promise<void> {
  return withFile('', async path => {
    await truncate(path, most)
    assert.equal(readOwnFile(path, 'secret', most)?.length, most)
    await truncate(path, most + 1)
    assert.throws(() => readOwnFile(path, 'secret', most), { code: 'FILE_UNREADABLE' })
  })
}

export const fileTrials = {
  logLine: () =>
    withFile('', async path => {
      const log = openLog(path, () => Temporal.Instant.from('2026-11-30T10:00:00Z'))
      const lengthOf = async (detail: string) => {
        log({ event: 'e', detail })
        return (await readFile(path, 'utf8')).trimEnd().split('\n').at(-1)?.length ?? 0
      }
      const { most } = budgets.logLine
      const around = await lengthOf('x')
      assert.equal(await lengthOf('x'.repeat(most - around + 1)), most)
      assert.ok((await lengthOf('x'.repeat(most - around + 2))) < 100)
    }),

  async configBytes() {
    const { most } = budgets.configBytes
    assert.deepEqual(await problemsOf(`{}${' '.repeat(most - 2)}`), [])
    assert.deepEqual(
      (await problemsOf(`{}${' '.repeat(most - 1)}`)).map(({ code }) => code),
      ['CONFIG_BROKEN'],
    )
  },

  async reportCache() {
    const folder = await mkdtemp(join(tmpdir(), 'at-'))
    const path = join(folder, 'cache.db')
    const most = 200_000
    const facts = { head: undefined, rest: 'x'.repeat(1000), isSigned: false, lines: undefined }
    {
      using cache = openReportCache(path, most)
      for (let n = 0; n < 400; n++) cache.keep({ device: 'd', name: String(n) }, '', facts)
      assert.ok(cache.find({ device: 'd', name: '0' }))
      assert.equal(cache.find({ device: 'd', name: '399' }), undefined)
    }
    assert.ok((await stat(path)).size <= most)
    await rm(folder, { recursive: true })
  },

  ownFileBytes: () => ownFile(budgets.ownFileBytes.most),
  heldBytes: () => ownFile(budgets.heldBytes.most),

  async configProblems() {
    const { most } = budgets.configProblems
    const unknown = (count: number) =>
      problemsOf(JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`name${n}`, 1]))))
    assert.equal((await unknown(most)).length, most)
    const told = await unknown(most + 1)
    assert.equal(told.length, most + 1)
    assert.equal(told[0]?.detail, '1 more in config.json')
    assert.equal((await unknown(20_000)).length, most + 1)
  },
}
