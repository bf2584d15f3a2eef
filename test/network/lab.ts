import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { isInOwnNamespaces } from './namespaces.ts'

/**
 * This process is "the internet": its network namespace holds every server, at addresses of 198.18.0.0/24 (RFC 2544).
 * Each computer is a namespace of its own, with one cable to here.
 */
const execute = promisify(execFile)

export type Lab = AsyncDisposable & {
  folder: string
  /** Gives the internet one more address, such as 198.18.0.7. */
  address(last: number): Promise<string>
  computer(): Promise<Computer>
}

export type Computer = AsyncDisposable & {
  /** What a firewall in the network does with TCP from this computer to `port`. */
  firewall(port: number, verdict: string): Promise<void>
  /** Takes the interface down, and its address and route with it. */
  unplug(): Promise<void>
  /** At its other end: the interface keeps its address and its route. */
  pullCable(): Promise<void>
  /** Both ways, such as "200kbit". */
  slowDown(rate: string): Promise<void>
  /** Runs one of our programs there; it answers with one JSON value. */
  run(program: string, task: object, world: ComputerWorld): Promise<unknown>
}

export type ComputerWorld = {
  /** Address of its name server. */
  nameServer: string
  env: Record<string, string>
  /** A folder on a file system that is mounted read-only for this run, with this file in it. */
  readOnly?: { folder: string; file: string }
}

export async function openLab(): Promise<Lab> {
  if (!isInOwnNamespaces()) throw new Error('not in a network of its own')
  const folder = await mkdtemp(join(tmpdir(), 'network-'))
  // The names of namespaces are files; these must not be seen outside.
  await execute('mount', ['-t', 'tmpfs', 'tmpfs', '/run'])
  await execute('ip', ['link', 'set', 'lo', 'up'])
  let computers = 0

  return {
    folder,
    async address(last) {
      const address = `198.18.0.${last}`
      await execute('ip', ['addr', 'add', `${address}/32`, 'dev', 'lo'])
      return address
    },
    async computer() {
      const n = ++computers
      const name = `c${n}`
      const cable = `cable${n}`
      await execute('ip', ['netns', 'add', name])
      const outside = [
        `link add ${cable} type veth peer name eth0 netns ${name}`,
        `addr add 198.18.${n}.1/24 dev ${cable}`,
        `link set ${cable} up`,
      ]
      const inside = [
        'link set lo up',
        `addr add 198.18.${n}.2/24 dev eth0`,
        'link set eth0 up',
        `route add default via 198.18.${n}.1`,
      ]
      await withInput('ip', ['-batch', '-'], outside)
      await withInput('ip', ['-n', name, '-batch', '-'], inside)
      return {
        async firewall(port, verdict) {
          const rules = [
            `table inet firewall${n} {`,
            'chain in {',
            'type filter hook input priority 0',
            `iifname "${cable}" tcp dport ${port} ${verdict}`,
            '}',
            '}',
          ]
          await withInput('nft', ['-f', '-'], rules)
        },
        async unplug() {
          await execute('ip', ['-n', name, 'link', 'set', 'eth0', 'down'])
        },
        async pullCable() {
          await execute('ip', ['link', 'set', cable, 'down'])
        },
        async slowDown(rate) {
          const bucket = ['root', 'tbf', 'rate', rate, 'burst', '8k', 'latency', '400ms']
          await execute('ip', ['netns', 'exec', name, 'tc', 'qdisc', 'add', 'dev', 'eth0', ...bucket])
          await execute('tc', ['qdisc', 'add', 'dev', cable, ...bucket])
        },
        async run(program, task, { nameServer, env, readOnly }) {
          const resolver = join(folder, `resolv-${n}.conf`)
          await writeFile(resolver, `nameserver ${nameServer}\n`)
          const mounts = [
            `mount --bind ${resolver} /etc/resolv.conf`,
            ...(readOnly === undefined ? [] : mountReadOnly(readOnly)),
          ]
          const shell = `${mounts.join(' && ')} && exec "$0" "$@"`
          const command = [process.execPath, program, JSON.stringify(task)]
          const child = spawn(
            'ip',
            ['netns', 'exec', name, 'unshare', '--mount', 'sh', '-c', shell, ...command],
            {
              env: {
                PATH: process.env.PATH,
                HOME: folder,
                NODE_COMPILE_CACHE: join(folder, 'compiled'),
                ...env,
              },
            },
          )
          const ended = once(child, 'close')
          const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
          await ended
          if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}: ${err}`)
          return JSON.parse(out)
        },
        async [Symbol.asyncDispose]() {
          // Takes the cable with it.
          await execute('ip', ['netns', 'del', name])
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function mountReadOnly({ folder, file }: { folder: string; file: string }): string[] {
  return [`mount -t tmpfs tmpfs ${folder}`, `touch ${join(folder, file)}`, `mount -o remount,ro ${folder}`]
}

async function withInput(program: string, args: readonly string[], lines: readonly string[]): Promise<void> {
  const running = execute(program, args)
  running.child.stdin?.end(`${lines.join('\n')}\n`)
  await running
}
