import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, fstatSync } from 'node:fs'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { externalDataInterceptor } from '@smithy/core/config'
import { copyOutput } from '../../native-host/adapters/capture/grim.ts'
import { screenshotDesktop } from '../../native-host/adapters/capture/screenshot-desktop.ts'
import {
  sayingWhoWaits,
  startCredentialProcessesOurWay,
} from '../../native-host/adapters/destination/credentials/credential-process.ts'
import { createKeychain } from '../../native-host/adapters/destination/credentials/keychain.ts'
import { confirmDialog } from '../../native-host/adapters/notice/confirm-dialog.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { createMemoryFile } from '../../native-host/platform/files/memory-file.ts'
import { runProgram } from '../../native-host/platform/process/run-program.ts'
import { runShellLine, runTool } from '../../native-host/platform/process/start-program.ts'
import { computerSchema } from '../../protocol/computer.ts'
import { toProblem } from '../../protocol/errors.ts'

const { env } = process
const grabProgram = join(import.meta.dirname, '../../native-host/programs/screen-grab.ts')

/** A program of this name in a folder of its own, for as long as `look` takes. */
async function withScript(
  name: string,
  body: string,
  look: (path: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  const path = join(folder, name)
  try {
    await writeFile(path, name.endsWith('.mjs') ? body : `#!/bin/sh\n${body}\n`, { mode: 0o700 })
    await look(path, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

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
  toolFile: () =>
    withScript(
      'grim',
      '{ printf "P6\\n1 1\\n255\\n"; head -c "$LANG" /dev/zero; } >"$5"',
      async (_path, folder) => {
        // Not as much as a picture may have: there may be less room for it than that.
        const most = 1024 * 1024
        const copy = async (bytes: number) => {
          using file = createMemoryFile(0)
          const given = { PATH: `${folder}:${env.PATH}`, LANG: String(bytes - 'P6 1 1 255 '.length) }
          await copyOutput({ name: 'A' }, file, given, new AbortController().signal, most)
          return fstatSync(file.fd).size
        }
        assert.equal(await copy(most), most)
        await assert.rejects(copy(most + 1), /grim ended/)
      },
    ),

  dialogTime: (t: TestContext) =>
    withScript('kdialog', ': >"$0.begun"; exec /bin/sleep 1000', async (path, folder) => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const question = { text: 'May it?', accept: 'Allow', refuse: 'Refuse' }
      const dialog = confirmDialog({ PATH: folder, DISPLAY: ':0' }, 'linux')
      const answer = dialog.ask(question, new AbortController().signal)
      t.mock.timers.tick(budgets.dialogTime.most)
      // zenity is asked first, and is not there.
      for (let turn = 0; !existsSync(`${path}.begun`) && turn < 100_000; turn++)
        await new Promise(setImmediate)
      t.mock.timers.tick(budgets.dialogTime.most)
      assert.equal(await answer, 'none')
    }),

  answerTime: (t: TestContext) =>
    withScript('program.mjs', 'setInterval(() => undefined, 1000)', async path => {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      const { signal } = new AbortController()
      const answer = runProgram('computer-facts', path, { env, answer: computerSchema, signal })
      t.mock.timers.tick(budgets.answerTime.most)
      await assert.rejects(answer, /no answer in time/)
    }),

  answerOfOurs: () =>
    withScript(
      'program.mjs',
      "process.send({ kind: 'failed', reason: 'x'.repeat(Number(process.env.LANG)) }, () => process.exit())",
      async path => {
        const { most } = budgets.answerOfOurs
        const answer = (length: number) =>
          screenshotDesktop({ env: { ...env, LANG: String(length) }, grabProgram: path }).grab(
            'all',
            new AbortController().signal,
          )
        await assert.rejects(answer(most), { code: 'CAPTURE_FAILED', detail: 'x'.repeat(most) })
        await assert.rejects(answer(most + 1), { code: 'CAPTURE_FAILED', detail: undefined })
      },
    ),

  grabbedBytes: () =>
    withScript(
      'xrandr',
      "echo 'A connected 3000x3000+0+0 (x'; echo 'B connected 3000x3000+9+0 (x'",
      async (_, folder) => {
        const { most } = budgets.grabbedBytes
        await writeFile(join(folder, 'import'), '#!/bin/sh\nexec head -c "$LANG" /dev/zero\n', {
          mode: 0o700,
        })
        const grab = async (bytes: number) => {
          const given = { ...env, PATH: `${folder}:${env.PATH}`, LANG: String(bytes) }
          const { grabs } = await screenshotDesktop({ env: given, grabProgram }, 60_000).grab(
            'all',
            new AbortController().signal,
          )
          return grabs.length
        }
        assert.equal(await grab(most / 2), 2)
        await assert.rejects(grab(most / 2 + 1), { code: 'CAPTURE_FAILED' })
        await assert.rejects(grab(most + 1), { code: 'CAPTURE_FAILED', detail: /maxBuffer/ })
      },
    ),

  grabbedFiles: () =>
    // As the library reads what screencapture has written: several at once, with a callback.
    withScript(
      'reads.mjs',
      `const { boundReads } = await import(process.argv[2])
       const fs = (await import('node:fs')).default
       boundReads(Number(process.argv[3]))
       const read = path => new Promise((resolve, reject) => fs.readFile(path, (error, bytes) => (error ? reject(error) : resolve(bytes.length))))
       const read2 = await Promise.all(process.argv.slice(4).map(read)).catch(error => error.code)
       console.log(JSON.stringify(read2))`,
      async (path, folder) => {
        const { most } = budgets.grabbedFiles
        const source = join(import.meta.dirname, '../../native-host/platform/process/bound-reads.ts')
        const files = await Promise.all(
          [most / 2, most / 2, most / 2 + 1].map(async (bytes, at) => {
            const file = join(folder, `${at}`)
            await writeFile(file, '')
            await truncate(file, bytes)
            return file
          }),
        )
        const read = async (...named: (string | undefined)[]) => {
          const words = [path, source, String(most), ...named.filter(name => name !== undefined)]
          return JSON.parse((await promisify(execFile)(process.execPath, words)).stdout)
        }
        assert.deepEqual(await read(files[0], files[1]), [most / 2, most / 2])
        assert.equal(await read(files[0], files[2]), 'FILE_UNREADABLE')
      },
    ),

  async keychainReply() {
    const { most } = budgets.keychainReply
    const fields = { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: 's' }
    const spare = most - JSON.stringify({ ...fields, spare: '' }).length
    const answering = (characters: number) =>
      createKeychain(async () => ({
        getPassword: async () => JSON.stringify({ ...fields, spare: 'x'.repeat(characters) }),
        setPassword: async () => undefined,
        deletePassword: async () => true,
      })).read('s3')
    await answering(spare)
    await assert.rejects(answering(spare + 1), { code: 'KEYCHAIN_UNAVAILABLE' })
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
