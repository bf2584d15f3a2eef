import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readTimeZone } from '../../native-host/adapters/clock/time-zone.ts'
import { checkAwsFiles } from '../../native-host/adapters/destination/credentials/aws-files.ts'
import { programOf } from '../../native-host/adapters/windows/window-program.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { namesWithin } from '../../native-host/platform/files/read-within.ts'
import { checkXAuthority } from '../../native-host/platform/x11/authority.ts'
import { waitFor } from '../support/wait-for.ts'
import { withFile } from './files.ts'

const unreadable = { code: 'FILE_UNREADABLE' }

async function inFolder<T>(look: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  try {
    return await look(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

export const systemFileTrials = {
  folderNames: () =>
    inFolder(async folder => {
      const names = ['a', 'b', 'c']
      for (const name of names) await writeFile(join(folder, name), '')
      assert.deepEqual([...namesWithin(folder, 'utf8', names.length)].sort(), names)
      assert.equal([...namesWithin(folder, 'utf8', names.length - 1)].length, names.length - 1)
    }),

  awsFile: () =>
    withFile('', async path => {
      const { most } = budgets.awsFile
      const other = `${path}-other`
      for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_WEB_IDENTITY_TOKEN_FILE']) {
        const env = { AWS_CONFIG_FILE: other, AWS_SHARED_CREDENTIALS_FILE: other, [name]: path }
        await truncate(path, most)
        checkAwsFiles(env)
        await truncate(path, most + 1)
        assert.throws(() => checkAwsFiles(env), unreadable)
        assert.throws(() => checkAwsFiles({ ...env, [name]: '/dev/zero' }), unreadable)
      }
      // The one that a profile names.
      await writeFile(other, `[profile p]\nweb_identity_token_file = ${path}\n`)
      const env = { AWS_CONFIG_FILE: other, AWS_SHARED_CREDENTIALS_FILE: other }
      assert.throws(() => checkAwsFiles(env), unreadable)
      await truncate(path, most)
      checkAwsFiles(env)
    }),

  xAuthority: () =>
    withFile('', async path => {
      const { most } = budgets.xAuthority
      const before = process.env.XAUTHORITY
      try {
        process.env.XAUTHORITY = path
        await truncate(path, most)
        checkXAuthority()
        await truncate(path, most + 1)
        assert.throws(checkXAuthority, unreadable)
        process.env.XAUTHORITY = '/dev/zero'
        assert.throws(checkXAuthority, { code: 'PLACE_NOT_SAFE' })
      } finally {
        if (before === undefined) delete process.env.XAUTHORITY
        else process.env.XAUTHORITY = before
      }
    }),

  zoneFile: () =>
    inFolder(async root => {
      const zone = (bytes: number) => Buffer.alloc(bytes, 'z')
      const read = async (bytes: number) => {
        await put(join(root, 'usr/share/zoneinfo/Europe/Berlin'), zone(bytes))
        await put(join(root, 'etc/localtime'), zone(bytes))
        return readTimeZone({ env: {}, platform: 'linux', root })
      }
      await put(join(root, 'usr/share/zoneinfo/zone1970.tab'), 'DE\t+5230+01322\tEurope/Berlin\n')
      const { most } = budgets.zoneFile
      assert.deepEqual(await read(most), { zone: 'Europe/Berlin', problem: undefined })
      assert.equal((await read(most + 1)).problem?.code, 'ZONE_UNCLEAR')
    }),

  programFile: () =>
    inFolder(async root => {
      const brandOf = async (bytes: number) => {
        const folder = join(root, String(bytes))
        await put(join(folder, 'browser', 'omni.ja'), '')
        await put(join(folder, 'application.ini'), 'Name=Fork\n'.padEnd(bytes, '\n'))
        await copyFile('/bin/sleep', join(folder, 'fork'))
        const program = spawn(join(folder, 'fork'), ['1000'])
        try {
          await waitFor('the program', async () => (await programOf(program.pid)).kind === 'firefox')
          const found = await programOf(program.pid)
          return found.kind === 'firefox' ? found.brand : 'not a Firefox'
        } finally {
          program.kill('SIGKILL')
        }
      }
      const { most } = budgets.programFile
      assert.equal(await brandOf(most), 'Fork')
      assert.equal(await brandOf(most + 1), undefined)
    }),
}
