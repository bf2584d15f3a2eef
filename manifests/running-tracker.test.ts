import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { AppError, type ErrorCode } from '../protocol/errors.ts'
import { askRunning } from './running-tracker.ts'

/** A project whose command line only writes this to stderr, as `--json` does with errors. */
async function projectThatSays(stderr: string) {
  const root = await mkdtemp(join(tmpdir(), 'at-running-'))
  const programs = join(root, 'native-host', 'programs')
  await mkdir(programs, { recursive: true })
  await writeFile(
    join(programs, 'cli.ts'),
    `console.error(${JSON.stringify(stderr)}); process.exitCode = 69\n`,
  )
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) }
}

describe('whether a tracker runs', () => {
  test('none runs where none can be reached', async () => {
    await using project = await projectThatSays('{"code":"AGENT_UNREACHABLE"}')
    assert.equal(askRunning(project.root), undefined)
  })

  const errors: [stderr: string, code: ErrorCode][] = [
    ['{"code":"PROTOCOL_MISMATCH"}', 'PROTOCOL_MISMATCH'],
    ['{"code":"AGENT_START_FAILED"}', 'AGENT_START_FAILED'],
    ['{"code":"UNHEARD_OF"}', 'INTERNAL'],
    ['a stack', 'INTERNAL'],
    ['', 'INTERNAL'],
  ]
  for (const [stderr, code] of errors)
    test(`one that answers "${stderr}" runs, and its error is not hidden`, async () => {
      await using project = await projectThatSays(stderr)
      assert.throws(
        () => askRunning(project.root),
        error => error instanceof AppError && error.code === code,
      )
    })
})
