import { type Command, Option } from 'commander'
import { AppError } from '../../protocol/errors.ts'
import { defaultSettings, parseSettingText } from '../../protocol/settings.ts'
import { createRecordingJudge, type Finding } from '../detection/detect-recording.ts'
import type { Strictness } from '../detection/detector.ts'
import { budgets } from '../kernel/budgets.ts'
import type { CommandContext } from './context.ts'
import { describeError, reporting } from './outcome.ts'
import { recordTo } from './record-input.ts'
import { text } from './text.ts'

const help = text.help.detect
const words = text.detect

type Options = { summary?: true; strictness: Strictness; jump: number; record?: string }

export function addDetect(program: Command, context: CommandContext): void {
  program
    .command('detect')
    .summary(help.summary)
    .description(help.description)
    .argument('[file...]', help.files)
    .option('--record <file>', help.record)
    .option('--summary', help.summaryOption)
    .addOption(
      new Option('--strictness <level>', help.strictness)
        .choices(['low', 'normal', 'high'])
        .default('normal'),
    )
    .addOption(
      new Option('--jump <pixels>', help.jump)
        .argParser(parseJump)
        .default(defaultSettings.scripted_activity_threshold),
    )
    .action(
      reporting(context.terminal, (files: string[], options: Options) => {
        if (options.record !== undefined) return recordTo(options.record, files, context)
        if (files.length > 0) return detectAll(files, options, context)
        throw new AppError('USAGE', { detail: words.noFile })
      }),
    )
}

/** @throws AppError SETTING_INVALID */
function parseJump(given: string): number {
  return parseSettingText('scripted_activity_threshold', given)
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
  if (failed > 0) throw new AppError('RECORDING_INVALID', { detail: words.failed(failed, files.length) })
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
  for await (const piece of context.readText(file)) {
    const lines = (rest + piece).split('\n')
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
    disordered > 0 && words.disordered(disordered),
    restarts > 0 && words.restarts(restarts),
  ].filter(Boolean)
  if (repairs.length > 0) context.terminal.err([`${file}: ${repairs.join('; ')}.`])
}

/** A file without line ends would be in memory as a whole. */
function boundLine(line: string): void {
  const { most } = budgets.recordingLine
  if (line.length > most) throw new AppError('RECORDING_INVALID', { detail: words.lineTooLong(most) })
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
