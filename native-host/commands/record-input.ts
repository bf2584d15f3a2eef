import { AppError } from '../../protocol/errors.ts'
import { recordingHeader } from '../input/recording.ts'
import type { CommandContext } from './context.ts'
import type { Outcome } from './outcome.ts'
import { text } from './text.ts'

const words = text.detect

/** Writes the person's own input into a new file until they press Ctrl+C. */
export async function recordTo(
  file: string,
  others: readonly string[],
  { agent, createFile, terminal, signal }: CommandContext,
): Promise<Outcome> {
  if (others.length > 0) throw new AppError('USAGE', { detail: words.noFilesWithRecord })
  using session = await agent.connect()
  await using recording = await createFile(file)
  await recording.append(`${recordingHeader}\n`)
  terminal.err([words.recording(file)])
  let events = 0
  await session.recordInput(async lines => {
    await recording.append(lines)
    events += lines.split('\n').length - 1
    terminal.show(words.events(events))
  }, signal)
  terminal.show('')
  return { json: { file, events }, lines: [words.recorded(events, file)] }
}
