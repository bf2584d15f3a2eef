import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError, type ErrorCode, errorRows, toProblem } from './errors.ts'

const rows = Object.entries(errorRows)

test('every code is upper case words, as records and scripts expect it', () => {
  for (const [code] of rows) assert.match(code, /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
})

test('every sentence begins as one and ends with a period', () => {
  for (const [code, { sentence }] of rows) assert.match(sentence, /^[A-Z][^\n]{15,}\.$/, code)
})

test('no two codes say the same sentence', () => {
  assert.equal(new Set(rows.map(([, { sentence }]) => sentence)).size, rows.length)
})

test('every next step is a sentence, or ends with the command to run', () => {
  for (const [code, { next }] of rows)
    assert.match(
      next,
      /^[A-Z].{2,}(\.|: (activity-tracker|sudo|npm|age) .+|: screenshot_interval = 300)$/,
      code,
    )
})

test('no next step names a command that does not exist', () => {
  const commands =
    /^(start|stop|install|uninstall|doctor|status|pause|resume|settings (get|set)|keys (new|show|add-recipient)|credentials (set|show|forget)|import|open|help|confirm|unlock|undo|separate|share|verify|restore|report|export)\b/
  for (const [code, { next }] of rows)
    for (const [, command = ''] of next.matchAll(/activity-tracker ([a-z][^&`]*)/g))
      assert.match(command, commands, code)
})

test('every exit code is one of sysexits.h and never 0', () => {
  for (const [code, { exit }] of rows) assert.ok(exit >= 64 && exit <= 78, code)
})

test('an error says its code, its sentence and what it is about', () => {
  const error = new AppError('SETTING_UNKNOWN', { detail: 'colour' })
  assert.equal(error.message, 'SETTING_UNKNOWN: There is no setting with this name. (colour)')
  assert.equal(error.name, 'AppError')
})

test('an error keeps its cause for the log', () => {
  const cause = new Error('EACCES')
  assert.equal(new AppError('STORE_NOT_WRITABLE', { cause }).cause, cause)
})

const thrown: [name: string, value: unknown, problem: { code: ErrorCode; detail?: string }][] = [
  ['ours', new AppError('DISK_FULL'), { code: 'DISK_FULL' }],
  [
    'ours with a detail',
    new AppError('DISK_FULL', { detail: '/data' }),
    { code: 'DISK_FULL', detail: '/data' },
  ],
  ['ours with an empty detail', new AppError('DISK_FULL', { detail: '' }), { code: 'DISK_FULL', detail: '' }],
  ['an error from outside our code', new Error('canary'), { code: 'INTERNAL' }],
  [
    'one that looks like ours',
    Object.assign(new Error('canary'), { code: 'DISK_FULL' }),
    { code: 'INTERNAL' },
  ],
  ['a string', 'canary', { code: 'INTERNAL' }],
  ['nothing', undefined, { code: 'INTERNAL' }],
]
for (const [name, value, problem] of thrown)
  test(`what is shown of ${name} quotes no foreign text`, () => {
    assert.deepEqual(toProblem(value), problem)
  })

test('a cause never crosses to the user', () => {
  const problem = toProblem(new AppError('UPLOAD_NO_BUCKET', { cause: new Error('canary') }))
  assert.deepEqual(problem, { code: 'UPLOAD_NO_BUCKET' })
})
