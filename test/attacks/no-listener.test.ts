import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromiumExtensionId } from '../../manifests/extension-ids.ts'
import { launcherPath } from '../../manifests/register-host.ts'
import { consentVersion } from '../../protocol/consent.ts'
import { builtProgram } from '../support/built-program.ts'
import { caughtSignals, environmentNames, listeningSockets, workingFolder } from '../support/outside-view.ts'
import { endProcess, isAlive, processesOf } from '../support/processes.ts'
import { type Stage, startScenario, untilCounting } from '../support/scenario.ts'
import { allowTracker } from '../support/tracker-home.ts'
import { waitFor } from '../support/wait-for.ts'

/**
 * As another program on the computer: all that it sends, and all that the shell had in its environment in
 * which the browser was started, none of our programs opens a port. One inherited variable, or one signal,
 * opened Node's inspector.
 */
const hostile = {
  NODE_OPTIONS: '--inspect=127.0.0.1:0 --heapsnapshot-signal=SIGUSR2 --report-on-signal',
  NODE_EXTRA_CA_CERTS: '/tmp/no-such-ca.pem',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_PATH: '/tmp/no-such-folder',
  LD_LIBRARY_PATH: '/tmp/no-such-folder',
  OPENSSL_CONF: '/tmp/no-such-openssl.cnf',
  SECRET_OF_ANOTHER_PROGRAM: 'x',
}
const secretsOfDelivery = { AWS_SECRET_ACCESS_KEY: 'x', HTTPS_PROXY: 'http://user:password@proxy:1' }
const ends = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT', 'SIGTRAP']

/** As Chromium names who asks. */
const extension = [`chrome-extension://${chromiumExtensionId}/`]

let stage: Stage
const started: ChildProcess[] = []

before(async () => {
  stage = await startScenario()
  const env = { ...stage.env, ...hostile, ...secretsOfDelivery }
  start(launcherPath(stage.home.places.home, 'linux'), extension, env)
  // Waits for the secret to be typed.
  start(join(stage.home.userHome, '.local', 'bin', 'activity-tracker'), ['credentials', 'set', '--file'], env)
  const tap = await stage.tap()
  const ask = async (command: Parameters<typeof tap.ask>[0]) =>
    assert.equal((await tap.ask(command)).type, 'done', command.type)
  await ask({ type: 'change-setting', name: 'blur_screenshots', value: false })
  await ask({ type: 'acknowledge', text_version: consentVersion })
  await untilCounting(tap)
  // What edits pictures stays after the second one.
  for (const _ of [1, 2]) await ask({ type: 'screenshot-now' })
})
after(async () => {
  for (const child of started) child.kill('SIGKILL')
  await stage?.[Symbol.asyncDispose]()
})

describe('started from a hostile environment', () => {
  test('every program runs', () => {
    for (const program of ['bridge', 'cli', 'agent', 'input-hook', 'picture-edit'])
      assert.ok(find(program).length > 0, program)
  })

  test('the agent’s own socket is all that listens', assertNothingListens)

  test('nothing of that environment is left', () => {
    for (const { pid, command } of ours()) {
      const left = environmentNames(pid).filter(name => Object.hasOwn(hostile, name))
      assert.deepEqual(left, [], command)
    }
  })

  test('a process that stays keeps the folder of its caller free', () => {
    for (const program of ['agent', 'input-hook', 'picture-edit'])
      for (const { pid } of find(program)) assert.equal(workingFolder(pid), '/', program)
  })

  test('what delivery needs is known only to the process that delivers', () => {
    for (const program of ['input-hook', 'picture-edit'])
      for (const { pid } of find(program)) {
        const known = environmentNames(pid).filter(name => Object.hasOwn(secretsOfDelivery, name))
        assert.deepEqual(known, [], program)
      }
  })
})

describe('sent every signal that it catches', { concurrency: true }, () => {
  for (const program of ['bridge', 'cli', 'agent', 'input-hook', 'picture-edit'])
    test(`${program} opens nothing`, async () => {
      assert.ok(find(program).length > 0)
      for (const { pid } of find(program)) {
        const signals = caughtSignals(pid)
        // Uncaught, it would end the program: that is a way to stop the tracker, but opens nothing either.
        assert.ok(signals.includes('SIGUSR1'), `${program} catches ${signals}`)
        for (const signal of signals.filter(signal => !ends.includes(signal))) {
          endProcess(pid, signal)
          // The inspector takes some milliseconds to open, in a thread of its own.
          await sleep(60)
          assert.ok(isAlive(pid), `${program} ended of ${signal}`)
          assertNothingListens()
        }
      }
    })
})

test('sent a signal that ends it, it just ends', async () => {
  const victims = ['bridge', 'cli', 'picture-edit', 'input-hook', 'agent'].flatMap(find)
  for (const [index, { pid }] of victims.entries()) {
    endProcess(pid, index % 2 === 0 ? 'SIGTERM' : 'SIGSEGV')
    assertNothingListens()
  }
  await sleep(60)
  assertNothingListens()
})

describe('started by hand from that environment, without the launcher', () => {
  const arguments_ = { agent: ['--lifetime=stay'], bridge: extension, cli: ['credentials', 'set', '--file'] }
  const programs = ['agent', 'bridge', 'cli'] as const
  const pids = new Map<string, number>()
  // Together, as that takes less time. Node listens until each has started again, and all are looked at.
  before(async () => {
    for (const program of programs) {
      const home = { ACTIVITY_TRACKER_HOME: join(stage.home.root, program) }
      await allowTracker(home)
      const env = { ...stage.env, ...home, ...hostile }
      pids.set(
        program,
        start(process.execPath, [builtProgram(program), ...arguments_[program]], env).pid ?? 0,
      )
    }
    const isNew = (pid: number) =>
      !environmentNames(pid).some(name => name.startsWith('NODE_')) && caughtSignals(pid).includes('SIGUSR1')
    await waitFor('the new starts', () => [...pids.values()].every(isNew))
  })

  for (const program of programs)
    test(`${program} starts again without it`, async () => {
      const pid = pids.get(program) ?? 0
      assertNothingListens()
      endProcess(pid, 'SIGUSR1')
      await sleep(60)
      assert.ok(isAlive(pid))
      assertNothingListens()
    })
})

function start(program: string, words: string[], env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(program, words, { env, stdio: ['pipe', 'ignore', 'ignore'] })
  child.stdin?.on('error', () => undefined)
  started.push(child)
  return child
}

/** Xvfb, and the other programs of a scenario, are not ours. */
function ours() {
  return processesOf(stage.home.root).filter(({ command }) => /\/dist\/native-host\/[\w-]+\.js/.test(command))
}

function find(program: string) {
  return ours().filter(({ command }) => command.includes(`/${program}.js`))
}

function assertNothingListens(): void {
  for (const { pid, command } of ours()) {
    const foreign = listeningSockets(pid).filter(
      socket => !(command.includes('/agent.js') && /^unix .*\/run\/agent\.sock$/.test(socket)),
    )
    assert.deepEqual(foreign, [], command)
  }
}
