import { AppError } from '../../protocol/errors.ts'
import { recordingHeader } from '../input/recording.ts'
import type { CommandContext } from './context.ts'
import type { Outcome } from './outcome.ts'

/** Writes the person's own input into a new file until they press Ctrl+C. */
export async function recordTo(
  file: string,
  others: readonly string[],
  { agent, createFile, terminal, signal }: CommandContext,
): Promise<Outcome> {
  if (others.length > 0) throw new AppError('USAGE', { detail: '--record writes one file and reads none' })
  using session = await agent.connect()
  await using recording = await createFile(file)
  await recording.append(`${recordingHeader}\n`)
  terminal.err([`Recording into ${file}, without which keys they are. Ctrl+C ends it.`])
  let events = 0
  await session.recordInput(async lines => {
    await recording.append(lines)
    events += lines.split('\n').length - 1
    terminal.show(`${events} events`)
  }, signal)
  terminal.show('')
  return { json: { file, events }, lines: [`${events} events were recorded into ${file}.`] }
}
