import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { desktopNotice } from '../../native-host/adapters/notice/desktop-notice.ts'
import { startNotifications } from '../support/notification-service.ts'
import { waitFor } from '../support/wait-for.ts'

test('a notification reaches the program that shows them on this desktop', async () => {
  await using bus = await startBus()
  assert.equal(
    await desktopNotice(bus.env, 'linux').show('A screenshot was taken.'),
    false,
    'no program shows any',
  )
  await using mock = await bus.showNotifications()
  await waitFor('the notification to be shown', () =>
    desktopNotice(bus.env, 'linux').show('A screenshot was taken.'),
  )
  await waitFor('the mock to have written it down', () => mock.calls.length > 0)
  assert.match(
    mock.calls.join('\n'),
    /Notify "Activity Tracker" 0 "" "Activity Tracker" "A screenshot was taken\."/,
  )
})

test('an announcement stays and is urgent, and the next may take its place', async () => {
  await using desktop = await startNotifications()
  const notice = desktopNotice({ PATH: process.env.PATH, ...desktop.env }, 'linux')
  const text = 'Changed by x: a “b” <i> \' " \\ $(id): on → off.'
  const id = await notice.announce(text)
  assert.match(id ?? '', /^[1-9]\d*$/)
  assert.equal(await notice.announce(text, id), id)
  await waitFor('both to be written down', () => desktop.shown.length === 2)
  for (const [at, call] of desktop.shown.entries()) {
    assert.ok(call.includes(`"${text}"`), call)
    assert.match(call, new RegExp(`Notify "Activity Tracker" ${at === 0 ? 0 : id} .*"urgency": 2.* 0$`))
  }
  await desktop.stop()
  assert.equal(await notice.announce(text), undefined)
})

test('where there is no bus there is none, and no error', async () => {
  assert.equal(await desktopNotice({ PATH: process.env.PATH }, 'linux').show('x'), false)
  assert.equal(await desktopNotice(process.env, 'win32').show('x'), false)
})

async function startBus() {
  const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [address] = await once(createInterface(daemon.stdout), 'line')
  const env = { PATH: process.env.PATH, DBUS_SESSION_BUS_ADDRESS: String(address) }
  return {
    env,
    async showNotifications() {
      const words = ['-m', 'dbusmock', '--template', 'notification_daemon']
      const mock = spawn('/usr/bin/python3', words, { env, stdio: ['ignore', 'pipe', 'ignore'] })
      const calls: string[] = []
      createInterface(mock.stdout).on('line', line => {
        if (line.includes('Notify')) calls.push(line)
      })
      return { calls, [Symbol.asyncDispose]: () => end(mock) }
    },
    [Symbol.asyncDispose]: () => end(daemon),
  }
}

async function end(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}
