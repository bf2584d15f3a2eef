import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { externalDataInterceptor } from '@smithy/core/config'
import {
  sayingWhoWaits,
  startCredentialProcessesOurWay,
} from '../../native-host/adapters/destination/credentials/credential-process.ts'
import { confirmDialog } from '../../native-host/adapters/notice/confirm-dialog.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { runShellLine, runTool } from '../../native-host/platform/process/start-program.ts'
import { toProblem } from '../../protocol/errors.ts'

const { env } = process

export const programTrials = {
  async toolOutput() {
    const { most } = budgets.toolOutput
    const line = (bytes: number) => `head -c ${bytes} /dev/zero`
    const tool = (bytes: number) =>
      runTool('system-tool', 'head', ['-c', String(bytes), '/dev/zero'], { env })
    const shell = (bytes: number) => runShellLine('credential-process', line(bytes), { env })
    for (const run of [tool, shell]) {
      assert.equal((await run(most)).stdout.length, most)
      await assert.rejects(run(most + 1), { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' })
    }
    const complaint = `${line(most + 1)} >&2`
    await assert.rejects(runShellLine('credential-process', complaint, { env }), {
      code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER',
    })
  },

  async toolTime(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { most } = budgets.toolTime
    const ends = [
      runTool('system-tool', 'sleep', ['1000'], { env }),
      runTool('system-tool', 'sh', ['-c', 'trap "" TERM; exec sleep 1000'], { env }),
    ].map(run =>
      run.then(
        () => 'ended',
        error => error.signal,
      ),
    )
    t.mock.timers.tick(most)
    assert.deepEqual(await Promise.all(ends), ['SIGKILL', 'SIGKILL'])
  },

  async credentialPatience(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    await startCredentialProcessesOurWay()
    const exec = externalDataInterceptor.getTokenRecord().exec
    const asked = sayingWhoWaits(() => promisify(exec)('sleep 1000')).catch(toProblem)
    let isOver = false
    void asked.then(() => {
      isOver = true
    })
    const { credentialPatience, credentialTime } = budgets
    t.mock.timers.tick(credentialPatience.most - 1)
    await immediate()
    assert.equal(isOver, false)
    t.mock.timers.tick(1)
    assert.deepEqual(await asked, { code: 'UPLOAD_CREDENTIALS_WAIT' })
    t.mock.timers.tick(credentialTime.most)
  },

  async credentialTime(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { most } = budgets.credentialTime
    const run = (line: string) => runShellLine('credential-process', line, { env })
    const ended = run('trap "" TERM; exec sleep 1000').then(
      () => 'ended',
      error => error.signal,
    )
    t.mock.timers.tick(most - 1)
    assert.equal((await run('echo still here')).stdout, 'still here\n')
    assert.equal(await Promise.race([ended, 'it goes on']), 'it goes on')
    t.mock.timers.tick(1)
    assert.equal(await ended, 'SIGKILL')
  },

  async dialogAnswer() {
    const folder = await mkdtemp(join(tmpdir(), 'at-'))
    try {
      const ask = async (characters: number) => {
        const script = `#!/bin/sh\nprintf '%-${characters}s' allow\nPATH=/usr/bin:/bin sleep 0.8\n`
        await writeFile(join(folder, 'kdialog'), script, { mode: 0o700 })
        const question = { text: 'May it?', accept: 'Allow', refuse: 'Refuse' }
        return confirmDialog({ PATH: folder, DISPLAY: ':0' }, 'linux').ask(
          question,
          new AbortController().signal,
        )
      }
      const { most } = budgets.dialogAnswer
      assert.equal(await ask(most), 'accepted')
      assert.equal(await ask(most + 1), 'none')
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}
