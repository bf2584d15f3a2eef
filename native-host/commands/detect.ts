import { type Command, Option } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { defaultSettings, parseSettingText } from '../../protocol/settings.ts'
import { createRecordingJudge, type Finding } from '../detection/detect-recording.ts'
import type { Strictness } from '../detection/detector.ts'
import { budgets } from '../kernel/budgets.ts'
import type { CommandContext } from './context.ts'
import { describeError, reporting } from './outcome.ts'
import { recordTo } from './record-input.ts'

type Options = { summary?: true; strictness: Strictness; jump: number; record?: string }

export function addDetect(program: Command, context: CommandContext): void {
  program
    .command('detect')
    .summary('find scripted input in recordings')
    .description(
      'Reads recordings of input (columns s,t,e,x,y,b: docs/detection.md) and prints one line of JSON for each ' +
        'stretch that does not look like a person: from and to, when a tracker would have said so, and the evidence. ' +
        'Nothing is stored or sent, and no tracker need run.',
    )
    .argument('[file...]', 'recordings as .csv or .csv.gz; - reads one from the standard input')
    .option(
      '--record <file>',
      'instead of reading, write such a recording of your own input into a new file, until Ctrl+C; the running ' +
        'tracker shows that it is done, and which keys they were is not in it',
    )
    .option('--summary', 'print one line for each session instead')
    .addOption(
      new Option('--strictness <level>', 'how little evidence is enough')
        .choices(['low', 'normal', 'high'])
        .default('normal'),
    )
    .addOption(
      new Option(
        '--jump <pixels>',
        'what scripted_activity_threshold says: from which length on a step is a jump',
      )
        .argParser(parseJump)
        .default(defaultSettings.scripted_activity_threshold),
    )
    .action(
      reporting(context.terminal, (files: string[], options: Options) => {
        if (options.record !== undefined) return recordTo(options.record, files, context)
        if (files.length > 0) return detectAll(files, options, context)
        throw new AppError('USAGE', { detail: 'a recording to read is missing, or --record FILE' })
      }),
    )
}

/** @throws AppError SETTING_INVALID */
function parseJump(words: string): number {
  return parseSettingText('scripted_activity_threshold', words)
}

/** A file that cannot be read does not keep the others from being judged. */
async function detectAll(files: string[], options: Options, context: CommandContext): Promise<undefined> {
  let failed = 0
  for (const file of files) {
    try {
      await detectIn(file, options, context)
    } catch (error) {
      if (!(error instanceof AppError) || files.length === 1) throw error
      failed++
      context.terminal.err([file, ...describeError(error).lines])
    }
  }
  if (failed > 0)
    throw new AppError('RECORDING_INVALID', { detail: `${failed} of ${files.length}; each is named above` })
}

async function detectIn(file: string, options: Options, context: CommandContext): Promise<void> {
  const judge = createRecordingJudge(file, {
    strictness: options.strictness,
    jumpPx: options.jump,
  })
  let disordered = 0
  let restarts = 0
  const tell = async (findings: Finding[]) => {
    for (const finding of findings) {
      if (finding.kind === 'session') {
        disordered += finding.summary.disordered
        restarts += finding.summary.restarts
      }
      const line = options.summary ? summaryOf(file, finding) : stretchOf(file, finding)
      if (line) await context.terminal.out([JSON.stringify(line)])
    }
  }
  let rest = ''
  for await (const text of context.readText(file)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    boundLine(rest)
    for (const line of lines) {
      boundLine(line)
      const findings = judge.line(line)
      if (findings.length > 0) await tell(findings)
    }
  }
  if (rest !== '') await tell(judge.line(rest))
  await tell(judge.end())
  const repairs = [
    disordered > 0 && `${disordered} events were out of order and taken as simultaneous`,
    restarts > 0 && `time went back ${restarts} times, and what followed was judged on its own`,
  ].filter(Boolean)
  if (repairs.length > 0) context.terminal.err([`${file}: ${repairs.join('; ')}.`])
}

/** A file without line ends would be in memory as a whole. */
function boundLine(line: string): void {
  const { most } = budgets.recordingLine
  if (line.length > most)
    throw new AppError('RECORDING_INVALID', { detail: `a line has more than ${most} characters` })
}

function stretchOf(file: string, finding: Finding): object | undefined {
  if (finding.kind !== 'stretch') return undefined
  const { from, to, flaggedAt, verdict, confidence, evidence } = finding.stretch
  const ms = { from_ms: Math.round(from), to_ms: Math.round(to), flagged_at_ms: Math.round(flaggedAt) }
  return { file, session: finding.session, ...ms, verdict, confidence, evidence }
}

function summaryOf(file: string, finding: Finding): object | undefined {
  if (finding.kind !== 'session') return undefined
  const { session, summary } = finding
  const { activeMs, flaggedMs, firstFlagMs } = summary
  const minutes = (ms: number) => Math.round(ms / 600) / 100
  return {
    file,
    session,
    active_minutes: minutes(activeMs),
    flagged_minutes: minutes(flaggedMs),
    first_flag_ms: firstFlagMs === undefined ? null : Math.round(firstFlagMs),
  }
}
