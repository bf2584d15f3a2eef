import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { endProcessesOf, processesOf } from '../support/processes.ts'
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'

/**
 * As another program of the same person, who is not root: the memory of the tracker cannot be read, neither while it runs nor
 * through what it has open. And the tracker of such a person works, sharp pictures included, which are edited in a process
 * that may not look into the agent either.
 */
const nobody = '65534'
const dist = join(import.meta.dirname, '..', '..', 'dist', 'native-host')

let home: string
let display: VirtualDisplay

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'at-'))
  await chown(home, Number(nobody), Number(nobody))
  display = await startVirtualDisplay({ width: 640, height: 480 })
  for (const words of [
    ['separate', join(home, 'tracker')],
    ['settings', 'set', 'blur_screenshots', 'off'],
    ['start', '--acknowledge'],
    ['screenshot'],
    ['screenshot'],
  ])
    await asPerson(process.execPath, '--no-warnings', join(dist, 'cli.js'), ...words)
})
after(async () => {
  await endProcessesOf(home)
  await display?.stop()
  await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

test('what is sharp is taken', async () => {
  const held = await readdir(join(home, 'tracker', 'held'))
  assert.equal(held.filter(name => name.includes('screenshot')).length, 2, `${held}`)
})

for (const program of ['agent', 'input-hook', 'picture-edit'])
  test(`${program} cannot be read`, async () => {
    const found = await waitFor(program, () =>
      processesOf(home).find(({ command }) => command.includes(`/${program}.js`)),
    )
    for (const file of ['mem', 'environ', 'maps', 'auxv', 'fd/0'])
      await assert.rejects(asPerson('head', '-c', '1', `/proc/${found.pid}/${file}`), `${file} of ${program}`)
    // Every user may see this of any process: so it is there, and this user can look.
    await asPerson('head', '-c', '1', `/proc/${found.pid}/stat`)
  })

function asPerson(program: string, ...words: string[]): Promise<string> {
  const identity = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']
  const env = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    DISPLAY: display.display,
    ACTIVITY_TRACKER_HOME: join(home, 'tracker'),
  }
  return new Promise((resolve, reject) =>
    execFile('setpriv', [...identity, program, ...words], { env }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(stdout),
    ),
  )
}
