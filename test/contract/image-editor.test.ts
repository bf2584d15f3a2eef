import assert from 'node:assert/strict'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createImageEditor } from '../../native-host/adapters/image/image-editor.ts'
import { AppError, type ErrorCode } from '../../protocol/errors.ts'
import { imageEditorContract } from './image-editor.ts'

imageEditorContract(
  'sharp',
  createImageEditor(join(import.meta.dirname, '../../native-host/programs/picture-edit.ts')),
)

const anyOptions = { scalePercent: 100, quality: 70, blur: true, scale: 1 }
/** Longer than a busy computer takes to start a program. */
const longMs = 60_000
const broken: [what: string, program: string, patienceMs: number, code: ErrorCode][] = [
  ['is not there', '', longMs, 'CAPTURE_FAILED'],
  ['dies', 'process.kill(process.pid, "SIGSEGV")', longMs, 'CAPTURE_FAILED'],
  ['says something else', 'process.send({ kind: "hello" })', longMs, 'CAPTURE_FAILED'],
  ['hangs', 'for (;;);', 700, 'CAPTURE_TIMED_OUT'],
]
for (const [what, program, patienceMs, code] of broken) {
  test(`${code} when the program that edits ${what}`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'edit-'))
    const path = join(folder.path, 'picture-edit.mjs')
    if (program) await writeFile(path, program)
    const editing = createImageEditor(path, patienceMs).encode(
      { form: 'encoded', bytes: new Uint8Array(1) },
      anyOptions,
    )
    await assert.rejects(editing, error => error instanceof AppError && error.code === code)
  })
}
