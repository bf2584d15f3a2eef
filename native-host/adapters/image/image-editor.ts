import { closeSync, ftruncate, openSync, read, write } from 'node:fs'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { AppError } from '../../../protocol/errors.ts'
import { createTurns } from '../../kernel/in-turn.ts'
import { createMemoryFile, type MemoryFile } from '../../platform/files/memory-file.ts'
import { keptProgram } from '../../platform/process/kept-program.ts'
import { siblingProgram } from '../../platform/process/sibling-program.ts'
import type { GrabbedPicture, ImageEditor, RawPicture } from '../../screenshots/ports.ts'
import { encodeUnreadable } from './encode-unreadable.ts'
import { brightnessOf } from './fingerprint.ts'
import { type EditAnswer, type EditRequest, editAnswerSchema } from './picture-request.ts'
import { openPixels, type PixelRows } from './read-pixels.ts'

/**
 * Where pictures are edited (docs/decisions/0013). What JavaScript can do with the pixels of a screen happens here, a
 * few rows at a time: hiding what they show, which is the rule. For everything else there is sharp, in a process of its
 * own (picture-edit.ts), which takes its memory and its crashes with it.
 */
export function createImageEditor(program: string, giveUpAfterMs: number = 20_000): ImageEditor {
  // Memory that several threads allocate from is given back later, if ever (mallopt(3)).
  const set = { MALLOC_ARENA_MAX: '2' }
  let shared: MemoryFile | undefined
  const inTurn = createTurns()
  // From the first start on: what a program was not handed then it never gets.
  const edit = keptProgram(program, () => ({ env: process.env, set, hand: memory()?.fd }))

  return {
    async encode(picture, options) {
      if (picture.form === 'raw' && options.blur)
        return inPixels(picture, rows => encodeUnreadable(rows, options))
      const answer = await ask({ kind: 'encode', picture, options })
      return answer.kind === 'encoded' ? answer.picture : refused()
    },
    async fingerprint(picture) {
      if (picture.form === 'raw') return inPixels(picture, brightnessOf)
      const answer = await ask({ kind: 'fingerprint', picture })
      return answer.kind === 'fingerprint' ? answer.brightness : refused()
    },
  }

  async function ask(request: EditRequest): Promise<EditAnswer> {
    const signal = AbortSignal.timeout(giveUpAfterMs)
    try {
      return await inTurn(async () => {
        try {
          const handed = await handOver(request)
          return v.parse(editAnswerSchema, await edit.ask(handed, signal))
        } finally {
          if (shared) await promisify(ftruncate)(shared.fd, 0)
        }
      })
    } catch (cause) {
      throw new AppError(signal.aborted ? 'CAPTURE_TIMED_OUT' : 'CAPTURE_FAILED', { cause })
    }
  }

  /** Where there is none, nothing is captured as pixels either. */
  function memory(): MemoryFile | undefined {
    if (shared || process.platform !== 'linux') return shared
    try {
      shared = createMemoryFile(0)
    } catch {
      // Asked again when the program is started the next time.
    }
    return shared
  }

  /** No other process can open what this process has open, not even a program that it started. */
  async function handOver(request: EditRequest): Promise<EditRequest> {
    const { picture } = request
    if (picture.form !== 'raw') return request
    const handed = memory()
    if (!handed) throw new Error('no memory to hand over')
    await copyPixels(picture, handed.fd)
    return { ...request, picture: { ...picture, file: handedFile, offset: 0 } }
  }
}

/** What a program that was started with a descriptor of ours finds it by: the fifth, after the three of every program and its channel. */
const handedFile = '/proc/self/fd/4'

async function copyPixels({ file, offset, width, height, order }: RawPicture, into: number): Promise<void> {
  const from = openSync(file, 'r')
  try {
    const total = width * height * (order === 'rgb' ? 3 : 4)
    const piece = Buffer.allocUnsafeSlow(Math.min(total, copiedAtOnce))
    for (let done = 0; done < total; ) {
      const { bytesRead } = await promisify(read)(
        from,
        piece,
        0,
        Math.min(piece.length, total - done),
        offset + done,
      )
      if (bytesRead === 0) throw new Error('the picture ends early')
      for (let written = 0; written < bytesRead; ) {
        const { bytesWritten } = await promisify(write)(
          into,
          piece,
          written,
          bytesRead - written,
          done + written,
        )
        written += bytesWritten
      }
      done += bytesRead
    }
  } finally {
    closeSync(from)
  }
}
const copiedAtOnce = 1024 * 1024

export const imageEditor = createImageEditor(siblingProgram(process.argv[1] ?? '', 'picture-edit'))

async function inPixels<T>(
  picture: GrabbedPicture & { form: 'raw' },
  work: (rows: PixelRows) => Promise<T>,
): Promise<T> {
  try {
    using rows = openPixels(picture)
    return await work(rows)
  } catch (cause) {
    throw new AppError('CAPTURE_FAILED', { cause })
  }
}

function refused(): never {
  throw new AppError('CAPTURE_FAILED', { detail: 'the picture cannot be read' })
}
