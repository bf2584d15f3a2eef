import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { consentVersion } from '../../protocol/consent.ts'
import type { AgentMessage } from '../../protocol/messages.ts'
import { helloOfTest, openAgentSocket } from '../support/agent-tap.ts'
import { startAgent, startScenario } from '../support/scenario.ts'
import { waitFor } from '../support/wait-for.ts'

/**
 * As another user of the computer, who may write in a folder on the person's PATH: programs of the names that the tracker
 * starts, which say yes to every question and swallow every announcement.
 */
const names = ['zenity', 'kdialog', 'notify-send', 'busctl', 'gdbus', 'xrandr', 'grim', 'import', 'convert']

test('a program in a folder where every user can write is not started, and answers no question', async () => {
  await using stage = await startScenario({ without: 'notifications' })
  const folder = join(stage.home.root, 'tools')
  const trace = join(stage.home.root, 'trace')
  mkdirSync(folder)
  for (const name of names)
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\nmkdir -p ${trace} && : > ${trace}/${name}\n/bin/sleep 1\necho 1\nexit 0\n`,
      {
        mode: 0o755,
      },
    )
  chmodSync(folder, 0o777)
  stage.env.PATH = [folder, stage.env.PATH].join(delimiter)
  stage.env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/nowhere/bus'
  await startAgent(stage)

  using socket = await openAgentSocket(stage.home.places)
  socket.send({ ...helloOfTest, program: 'bridge', name: 'chromium' })
  socket.send({ type: 'acknowledge', id: 'a', text_version: consentVersion })
  const answer = await waitFor('an answer', () =>
    socket.messages.find((message: AgentMessage) => message.type === 'done' || message.type === 'failed'),
  )
  assert.equal(answer.type === 'failed' && answer.problem.code, 'CONFIRMATION_WAITS')
  // The real dialog is up, or there is none: nothing else may have answered.
  const doctor = await stage.cli('doctor')
  assert.match(
    doctor.stdout,
    /programs in .*tools on the PATH are not used: it can be written by other users/,
  )
  const waiting = await stage.cli('confirm')
  assert.match(waiting.stdout, /Start recording\?/)
  assert.equal(existsSync(trace), false)
})
