import { AppError } from '../../protocol/errors.ts'
import type { ClientMessage } from '../../protocol/messages.ts'
import { parseSettingName, parseSettingValue, settingRows } from '../../protocol/settings.ts'
import type { Asker } from '../privacy/asker.ts'
import type { Picture } from '../screenshots/ports.ts'
import type { Commands } from './commands.ts'
import type { Client } from './registry.ts'

export type Command = Exclude<ClientMessage, { type: 'hello' | 'subscribe' | 'own-windows' }>

/** Runs a client's command. @throws AppError what the command throws | NOT_FROM_BROWSER | MESSAGE_INVALID */
export async function dispatch(
  commands: Commands,
  client: Client,
  asker: Asker,
  message: Command,
): Promise<void> {
  const by = asker.name
  switch (message.type) {
    case 'acknowledge':
      return commands.acknowledge(message.text_version, asker)
    case 'pause':
      return commands.pause(message.until, by)
    case 'resume':
      return commands.resume(by)
    case 'screenshot-now':
      return commands.screenshotNow(by)
    case 'skip-screenshot':
      return commands.skipScreenshot(by)
    case 'preview-held': {
      const { id, object, size } = message
      const picture = await commands.previewHeld(object, size, asker)
      return client.channel.send({ type: 'held-preview', id, object, ...inBase64(picture) })
    }
    case 'unlock-pictures':
      return commands.unlockPictures(asker)
    case 'undo-weakening':
      return commands.undoWeakening(by)
    case 'confirm':
      refuseBrowser(asker, 'confirm')
      return commands.confirm(message.code, message.answer)
    case 'blur-held':
      return commands.blurHeld(message.object, by)
    case 'delete-held':
      return commands.deleteHeld(message.object, by)
    case 'withdraw-verdict':
      if (Date.parse(message.to) < Date.parse(message.from))
        throw new AppError('MESSAGE_INVALID', { detail: 'a span that ends before it begins' })
      return commands.withdrawVerdict(message.from, message.to, by)
    case 'show-day': {
      const { id, date } = message
      return client.channel.send({ type: 'day', id, day: commands.dayOf(date) })
    }
    case 'open-days':
      return openDays(commands, client, asker, message)
    case 'show-opened': {
      const { id, object, size } = message
      const picture = await commands.openedPicture(object, size, asker)
      return client.channel.send({ type: 'opened-picture', id, object, ...inBase64(picture) })
    }
    case 'close-opened':
      return client.opening?.abort()
    case 'change-setting': {
      const name = parseSettingName(message.name)
      if (settingRows[name].changedFrom === 'computer') refuseBrowser(asker, name)
      return commands.changeSetting(name, parseSettingValue(name, message.value), asker)
    }
    case 'test-connection':
      return testConnection(commands, client, message.id)
    case 'record-input':
      refuseBrowser(asker, 'record-input')
      return commands.recordInput(
        lines => client.channel.send({ type: 'recorded-input', id: message.id, lines }),
        client.left.signal,
      )
    case 'reload-keys':
      refuseBrowser(asker, 'keys')
      return commands.reloadKeys()
    case 'stop':
      refuseBrowser(asker, 'stop')
      return commands.stop()
    default:
      throw message satisfies never
  }
}

/** One at a time for each client: a second request during a running test is refused. */
async function testConnection(commands: Commands, client: Client, id: string): Promise<void> {
  if (client.testing) throw new AppError('TEST_RUNNING')
  client.testing = true
  try {
    await commands.testConnection(
      report => client.channel.send({ type: 'connection-test', id, report }),
      client.left.signal,
    )
  } finally {
    client.testing = false
  }
}

/** One at a time for each client: the next takes its place. */
async function openDays(
  commands: Commands,
  client: Client,
  asker: Asker,
  { id, date, span }: Extract<Command, { type: 'open-days' }>,
): Promise<void> {
  client.opening?.abort()
  const mine = new AbortController()
  client.opening = mine
  const ended = AbortSignal.any([mine.signal, client.left.signal])
  try {
    await commands.openDays({ date, span }, asker, news => client.channel.send({ ...news, id }), ended)
  } catch (error) {
    throw mine.signal.aborted ? new AppError('DAYS_REPLACED') : error
  } finally {
    if (client.opening === mine) client.opening = undefined
  }
}

function inBase64({ bytes, format, width, height }: Picture) {
  return { format, width, height, bytes: bytes.toBase64() }
}

function refuseBrowser(asker: Asker, what: string): void {
  if (asker.viaBrowser) throw new AppError('NOT_FROM_BROWSER', { detail: what })
}
