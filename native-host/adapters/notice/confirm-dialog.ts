import { budgets } from '../../kernel/budgets.ts'
import { talkToTool } from '../../platform/process/start-program.ts'
import type { ConfirmDialog, DialogQuestion } from '../../privacy/ports.ts'

/**
 * A window of the desktop that asks, through the first of its programs that is installed. Each is a process
 * of its own, so that messages go on meanwhile. What is asked reaches it as an argument or on its standard
 * input: never as markup, and never in the text of a script.
 */
type Program = {
  program: string
  words(question: DialogQuestion): readonly string[]
  stdin?(question: DialogQuestion): string
  /** Nothing but a plain yes of the person may count as one: a program that fails says neither. */
  read(ended: { exit: number | null; stdout: string }, question: DialogQuestion): Answer
}

type Answer = 'accepted' | 'refused' | 'none'

const title = 'Activity Tracker'
/** A person does not answer within this time: it was the program that gave up. */
const readingMs = 700

const zenity: Program = {
  program: 'zenity',
  words: ({ text, accept, refuse }) => [
    '--question',
    '--no-markup',
    '--default-cancel',
    '--width=420',
    `--title=${title}`,
    `--text=${text}`,
    `--ok-label=${accept}`,
    `--cancel-label=${refuse}`,
  ],
  read: ({ exit }) => (exit === 0 ? 'accepted' : exit === 1 ? 'refused' : 'none'),
}

/** Its buttons look like its failures, and its default cannot be chosen, so the person types the word. */
const kdialog: Program = {
  program: 'kdialog',
  words: ({ text, accept }) => [
    '--title',
    title,
    '--inputbox',
    `${text}\n\nTo allow it, type: ${accept.toLowerCase()}`,
    '',
  ],
  read({ exit, stdout }, { accept }) {
    if (exit === 1) return 'refused'
    if (exit !== 0) return 'none'
    return stdout.trim().toLowerCase() === accept.toLowerCase() ? 'accepted' : 'refused'
  },
}

const osascript: Program = {
  program: 'osascript',
  words: ({ text, accept, refuse }) => [
    ...['-e', 'on run {message, accept, refuse, heading}'],
    ...[
      '-e',
      'display dialog message with title heading buttons {accept, refuse} default button refuse cancel button refuse with icon caution',
    ],
    ...['-e', 'return button returned of result', '-e', 'end run'],
    ...[text, accept, refuse, title],
  ],
  read: ({ exit, stdout }) =>
    exit === 0 && stdout.trim() !== '' ? 'accepted' : exit === 1 ? 'refused' : 'none',
}

const powershell: Program = {
  program: 'powershell.exe',
  words: () => [
    ...['-NoProfile', '-NonInteractive', '-STA', '-Command'],
    [
      'Add-Type -AssemblyName System.Windows.Forms',
      '[Console]::InputEncoding = [Text.Encoding]::UTF8',
      '$asked = [Console]::In.ReadToEnd() | ConvertFrom-Json',
      '$box = [System.Windows.Forms.MessageBox]',
      "$box::Show($asked.text, $asked.title, 'YesNo', 'Warning', 'Button2', 'DefaultDesktopOnly')",
    ].join('; '),
  ],
  stdin: ({ text, accept, refuse }) =>
    JSON.stringify({ title, text: `${text}\n\nYes: ${accept}\nNo: ${refuse}` }),
  read: ({ stdout }) => (stdout.trim() === 'Yes' ? 'accepted' : stdout.trim() === 'No' ? 'refused' : 'none'),
}

const programs: Partial<Record<NodeJS.Platform, readonly Program[]>> = {
  linux: [zenity, kdialog],
  darwin: [osascript],
  win32: [powershell],
}

export function confirmDialog(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): ConfirmDialog {
  const isSeen = platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
  return {
    async ask(question, signal) {
      for (const program of isSeen ? (programs[platform] ?? []) : []) {
        const answer = await run(program, question, env, signal)
        if (answer !== 'none' || signal.aborted) return answer
      }
      return 'none'
    },
  }
}

function run(
  { program, words, stdin, read }: Program,
  question: DialogQuestion,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const startedMs = performance.now()
  const child = talkToTool('desktop-tool', program, words(question), {
    ...{ env, signal, mostBytes: budgets.dialogAnswer.most, timeout: budgets.dialogTime.most },
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  // It is not there, or was ended because the question was answered elsewhere.
  child.on('error', () => resolve('none'))
  child.on('close', (exit, ended) => {
    // No dialog prints that much or takes that much time.
    if (ended !== null) return resolve('none')
    const tooSoon = performance.now() - startedMs < readingMs
    resolve(tooSoon ? 'none' : read({ exit, stdout }, question))
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin?.(question) ?? '')
  return promise
}
