import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { confirmDialog } from '../../native-host/adapters/notice/confirm-dialog.ts'
import { waitFor } from '../support/wait-for.ts'

/**
 * The programs that ask are those of a desktop, which no test machine has. In their place stand scripts that write down
 * word for word what they are given and answer as the programs do, so that what is tried is ours: what is handed over,
 * how an answer is read, and that no failure counts as a yes.
 */
const question = {
  text: 'Show?\nBlur: on → <b>off</b> & $(id) `x` "y" \'z\'',
  accept: 'Show',
  refuse: 'Keep hidden',
}

async function setUp(programs: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'at-dialog-'))
  for (const [name, body] of Object.entries(programs)) {
    const head = `#!/bin/bash\nprintf '%s\\0' "$@" > ${folder}/${name}.words\ncat > ${folder}/${name}.stdin\n`
    await writeFile(join(folder, name), `${head}${body}\n`)
    await chmod(join(folder, name), 0o755)
  }
  const env = { PATH: `${folder}:/usr/bin:/bin`, DISPLAY: ':9999' }
  const read = (file: string) => readFile(join(folder, file), 'utf8').catch(() => undefined)
  return {
    env,
    wordsOf: async (name: string) => (await read(`${name}.words`))?.split('\0').slice(0, -1),
    stdinOf: (name: string) => read(`${name}.stdin`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

const never = new AbortController().signal
/** Longer than no person needs to read it. */
const slowly = 'sleep 0.9;'

const rows: [platform: NodeJS.Platform, program: string, body: string, answer: string][] = [
  ['linux', 'zenity', `${slowly} exit 0`, 'accepted'],
  ['linux', 'zenity', `${slowly} exit 1`, 'refused'],
  ['linux', 'zenity', `${slowly} exit 5`, 'none'],
  ['linux', 'zenity', `${slowly} kill -9 $$`, 'none'],
  ['linux', 'kdialog', `${slowly} echo show; exit 0`, 'accepted'],
  ['linux', 'kdialog', `${slowly} echo sho; exit 0`, 'refused'],
  ['linux', 'kdialog', `${slowly} exit 0`, 'refused'],
  ['linux', 'kdialog', `${slowly} exit 1`, 'refused'],
  ['linux', 'kdialog', `${slowly} exit 134`, 'none'],
  ['darwin', 'osascript', `${slowly} echo Show; exit 0`, 'accepted'],
  ['darwin', 'osascript', `${slowly} exit 1`, 'refused'],
  ['win32', 'powershell.exe', `${slowly} echo Yes; exit 0`, 'accepted'],
  ['win32', 'powershell.exe', `${slowly} echo No; exit 0`, 'refused'],
  ['win32', 'powershell.exe', `${slowly} exit 1`, 'none'],
]
describe('answers', { concurrency: true }, () => {
  for (const [platform, program, body, answer] of rows)
    test(`${program}: ${body.replace(slowly, '').trim()} is ${answer}`, async () => {
      await using world = await setUp({ [program]: body })
      assert.equal(await confirmDialog(world.env, platform).ask(question, never), answer)
      const given = [...((await world.wordsOf(program)) ?? []), (await world.stdinOf(program)) ?? '']
      assert.ok(
        given.some(words =>
          words.includes(program === 'powershell.exe' ? 'Blur: on → <b>off' : question.text),
        ),
        given.join(' | '),
      )
      // A script is a text of ours: nothing that is asked stands in it.
      for (const [at, word] of given.entries())
        if (given[at - 1] === '-e' || given[at - 1] === '-Command') assert.ok(!word.includes('Blur'), word)
    })
})

for (const exit of [0, 1])
  test(`a program that ends at once with ${exit} was answered by no person`, async () => {
    await using world = await setUp({ zenity: `exit ${exit}` })
    assert.equal(await confirmDialog(world.env, 'linux').ask(question, never), 'none')
  })

test('zenity gets Keep as the default and reads nothing as markup', async () => {
  await using world = await setUp({ zenity: 'exit 5' })
  await confirmDialog(world.env, 'linux').ask(question, never)
  const words = (await world.wordsOf('zenity')) ?? []
  for (const word of ['--no-markup', '--default-cancel', '--cancel-label=Keep hidden', '--ok-label=Show'])
    assert.ok(words.includes(word), word)
})

test('answered elsewhere, the window is closed', async () => {
  await using world = await setUp({ zenity: 'exec sleep 60' })
  const ended = new AbortController()
  const asked = confirmDialog(world.env, 'linux').ask(question, ended.signal)
  await waitFor('it to be shown', () => world.wordsOf('zenity'))
  ended.abort()
  assert.equal(await asked, 'none')
})

test('without a program that asks, or without a display, no question appears', async () => {
  await using world = await setUp({})
  assert.equal(await confirmDialog({ ...world.env, PATH: '/nowhere' }, 'linux').ask(question, never), 'none')
  await using other = await setUp({ zenity: `${slowly} exit 0` })
  assert.equal(await confirmDialog({ PATH: other.env.PATH }, 'linux').ask(question, never), 'none')
  assert.equal(await other.wordsOf('zenity'), undefined)
})
