import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { assertWithin } from '../support/pace.ts'
import { waitFor } from '../support/wait-for.ts'

const adapter = JSON.stringify(import.meta.resolve('../../native-host/adapters/network/system-network.ts'))
const run = promisify(execFile)

/** A process in a network of its own, which the test changes around it. */
async function watcherIn(namespace: string) {
  const program = `
    import { systemNetwork } from ${adapter}
    systemNetwork.watch(() => console.log('changed'), new AbortController().signal)
    console.log('watching')
  `
  const inside = ['netns', 'exec', namespace, process.execPath, '--input-type=module', '--eval', program]
  const watcher = spawn('ip', inside, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: watcher.stdout })
  await once(lines, 'line')
  return {
    /** How long until the next change is noticed; undefined when none is within the time. */
    async noticedWithin(ms: number): Promise<number | undefined> {
      const begun = performance.now()
      try {
        await once(lines, 'line', { signal: AbortSignal.timeout(ms) })
        return performance.now() - begun
      } catch {
        return undefined
      }
    },
    async [Symbol.asyncDispose]() {
      watcher.kill('SIGKILL')
      await once(watcher, 'exit').catch(() => undefined)
    },
  }
}

describe('the network around this process', {
  skip: namespacesAreForbidden() && 'no network namespaces here',
}, () => {
  const changes: [what: string, commands: string[]][] = [
    [
      'an interface gets an address and a way out',
      ['addr add 10.9.8.7/24 dev cable', 'route add default via 10.9.8.1'],
    ],
    ['the way out leads elsewhere', ['route replace default via 10.9.8.2']],
    ['an interface is unplugged', ['link set socket down']],
    ['it is plugged in again', ['link set socket up']],
  ]
  test('every change of what can be reached is noticed within three seconds, and nothing else', async t => {
    const namespace = `at-network-${process.pid}`
    await run('ip', ['netns', 'add', namespace])
    try {
      const ip = (command: string) => run('ip', ['-n', namespace, ...command.split(' ')])
      for (const command of [
        'link set lo up',
        'link add cable type veth peer name socket',
        'link set cable up',
        'link set socket up',
      ])
        await ip(command)
      // An address that the system gives itself comes a moment after the interface.
      await new Promise(resolve => setTimeout(resolve, 2500))
      await using watcher = await watcherIn(namespace)
      assert.equal(await watcher.noticedWithin(4500), undefined, 'nothing has changed')
      for (const [what, commands] of changes) {
        const noticed = watcher.noticedWithin(3000)
        for (const command of commands) await ip(command)
        const ms = await noticed
        assert.ok(ms !== undefined, what)
        t.diagnostic(`${what}: noticed after ${Math.round(ms)} ms`)
        // What follows from it, such as an address that the system gives itself, belongs to the same change.
        await watcher.noticedWithin(2100)
      }
    } finally {
      await run('ip', ['netns', 'del', namespace])
    }
  })
})

test('a cable that is pulled leads nowhere, though its address and route are kept', {
  skip: namespacesAreForbidden() && 'no network namespaces here',
}, async () => {
  const namespace = `at-cable-${process.pid}`
  const module = join(import.meta.dirname, '../../native-host/platform/network/has-network.ts')
  const ask = `const { hasNetwork } = await import(${JSON.stringify(module)})
    console.log(await hasNetwork('s3.example'), await hasNetwork('10.9.8.1'))`
  const node = [process.execPath, '--no-warnings', '-e', ask]
  const found = async () => (await run('ip', ['netns', 'exec', namespace, ...node])).stdout.trim()
  const ip = (command: string) => run('ip', ['-n', namespace, ...command.split(' ')])
  await run('ip', ['netns', 'add', namespace])
  try {
    for (const command of [
      'link set lo up',
      'link add cable type veth peer name socket',
      'link set cable up',
      'link set socket up',
      'addr add 10.9.8.7/24 dev cable',
      'route add default via 10.9.8.1',
    ])
      await ip(command)
    assert.equal(await found(), 'true true')
    await ip('link set socket down')
    assert.match((await ip('route')).stdout, /default via 10\.9\.8\.1/)
    // The system itself takes a moment to see it.
    await waitFor('no way', async () => (await found()) === 'false false')
  } finally {
    await run('ip', ['netns', 'del', namespace])
  }
})

const bucketServer = `
  import { createHash } from 'node:crypto'
  import { createServer } from 'node:http'
  createServer(async (request, response) => {
    const sum = createHash('md5')
    for await (const piece of request) sum.update(piece)
    response.writeHead(200, { etag: '"' + sum.digest('hex') + '"' }).end()
  }).listen(80, () => console.log('listening'))
`

describe('uploads and the network', {
  skip: namespacesAreForbidden() && 'no network namespaces here',
}, () => {
  test('a network that is back is used within seconds, however long the next try was away', async t => {
    const [here, there] = [`at-here-${process.pid}`, `at-there-${process.pid}`]
    const node = (namespace: string, ...words: string[]) =>
      spawn('ip', ['netns', 'exec', namespace, process.execPath, ...words], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    const children: ReturnType<typeof node>[] = []
    try {
      for (const namespace of [here, there]) await run('ip', ['netns', 'add', namespace])
      const ip = (namespace: string, command: string) => run('ip', ['-n', namespace, ...command.split(' ')])
      await ip(here, `link add cable type veth peer name socket netns ${there}`)
      await ip(here, 'addr add 10.9.8.7/24 dev cable')
      await ip(there, 'addr add 10.9.8.1/24 dev socket')
      await ip(there, 'link set socket up')
      const server = node(there, '--input-type=module', '--eval', bucketServer)
      children.push(server)
      await once(server.stdout, 'data')

      const program = join(import.meta.dirname, 'drain-in-network.ts')
      const drain = node(here, program, 'http://10.9.8.1')
      children.push(drain)
      const lines = createInterface({ input: drain.stdout })
      let waitMs = 0
      while (waitMs < 15_000) {
        const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(60_000) })
        waitMs = Number(/^wait (\d+)$/.exec(line)?.[1])
      }
      await ip(here, 'link set cable up')
      const begun = performance.now()
      const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(60_000) })
      const ms = performance.now() - begun
      assert.equal(line, 'delivered')
      t.diagnostic(
        `the next try was ${waitMs} ms away; delivered ${Math.round(ms)} ms after the cable was plugged in`,
      )
      await assertWithin(5000, ms)
    } finally {
      for (const child of children) child.kill('SIGKILL')
      for (const namespace of [here, there])
        await run('ip', ['netns', 'del', namespace]).catch(() => undefined)
    }
  })
})

/** A system bus of our own, with a NetworkManager that says what the test sets. */
async function meteredOn(value: number | undefined): Promise<unknown> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'at-bus-'))
  const address = `unix:path=${join(folder.path, 'bus')}`
  const bus = spawn('dbus-daemon', ['--session', '--nofork', `--address=${address}`, '--print-address=1'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: address }
  let manager: ReturnType<typeof spawn> | undefined
  try {
    await once(bus.stdout, 'data')
    if (value !== undefined) {
      const name = 'org.freedesktop.NetworkManager'
      const place = [name, '/org/freedesktop/NetworkManager', name]
      manager = spawn('/usr/bin/python3', ['-m', 'dbusmock', '--system', ...place], { env, stdio: 'ignore' })
      const setProperty = [
        'org.freedesktop.DBus.Mock',
        'AddProperty',
        'ssv',
        name,
        'Metered',
        'u',
        `${value}`,
      ]
      const call = ['--system', 'call', name, '/org/freedesktop/NetworkManager', ...setProperty]
      await untilItWorks(() => run('busctl', call, { env }))
    }
    const question = `
      import { systemNetwork } from ${adapter}
      console.log(JSON.stringify({ answer: await systemNetwork.metered() }))
    `
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', question], { env })
    return JSON.parse(stdout).answer
  } finally {
    for (const child of [manager, bus]) {
      if (!child || child.exitCode !== null) continue
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
}

async function untilItWorks(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work()
      return
    } catch (error) {
      if (tries > 100) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

describe('what NetworkManager says of the connection', {
  skip: process.platform !== 'linux' && 'only on Linux',
}, () => {
  const answers: [value: number | undefined, name: string, metered: boolean][] = [
    [undefined, 'there is no NetworkManager', false],
    [0, 'it does not know', false],
    [1, 'yes', true],
    [2, 'no', false],
    [3, 'it guesses yes', true],
    [4, 'it guesses no', false],
  ]
  for (const [value, name, metered] of answers)
    test(`${name}: ${metered ? 'metered' : 'not metered'}`, async () =>
      assert.equal(await meteredOn(value), metered))
})

function namespacesAreForbidden(): boolean {
  try {
    const name = `at-try-${process.pid}`
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
}
