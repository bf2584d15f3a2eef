#!/usr/bin/env node
import '../platform/process/guard-process.ts'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import { installedPaths, uninstallHost } from '../../manifests/install.ts'
import { launcherPath, registerHost } from '../../manifests/register-host.ts'
import packageFile from '../../package.json' with { type: 'json' }
import { AppError } from '../../protocol/errors.ts'
import { systemClock } from '../adapters/clock/system-clock.ts'
import type { IdentityOpener } from '../adapters/seal/identity-opener.ts'
import { type AgentConnection, connectAgent, recordInput, request } from '../adapters/socket/agent-client.ts'
import { ensureAgent, leanNodeFlags } from '../adapters/socket/launch-agent.ts'
import { openConfigFile } from '../adapters/store/config-file.ts'
import { acquireLock } from '../adapters/store/lock.ts'
import { processTerminal } from '../adapters/system/terminal.ts'
import {
  createUserFile,
  isUserFolder,
  makeUserFolder,
  readUserFile,
  readUserText,
  writeUserFile,
} from '../adapters/system/user-files.ts'
import type { AgentSession, CommandContext, OpenedObject } from '../commands/context.ts'
import { describeError } from '../commands/outcome.ts'
import { runProgram } from '../commands/program.ts'
import { text } from '../commands/text.ts'
import type { SecretStore } from '../config/stored-secrets.ts'
import { accountHome, findPlaces, ownTrackerBeside, removePointer } from '../platform/files/find-places.ts'
import { placesOf } from '../platform/files/places.ts'
import { isSeparate } from '../platform/files/separate-tracker.ts'
import { makeFolder } from '../platform/files/write-durably.ts'
import { unguarded } from '../platform/process/guard-process.ts'
import { programEnvironments } from '../platform/process/program-environment.ts'
import { siblingProgram } from '../platform/process/sibling-program.ts'
import { deliveredAccess, namedOpener } from './cli-delivered.ts'
import { exportAccess } from './cli-export.ts'
import { keyAccess } from './cli-keys.ts'
import { pageAccess } from './cli-pages.ts'
import { proofAccess } from './cli-proofs.ts'
import { readingAccess } from './cli-reading.ts'
import { separateTracker } from './cli-separate.ts'

/** The command line. What only some commands need, such as the ciphers, is loaded when they need it. */
const interruption = new AbortController()
const { signal } = interruption
process.umask(0o077)
process.once('SIGINT', () => interruption.abort())

const self = import.meta.filename
/** Where the builds are: this file is one of them, or a source beside them. */
const dist = extname(self) === '.ts' ? join(dirname(self), '..', '..', 'dist') : join(dirname(self), '..')

const terminal = processTerminal()
let refused: AppError | undefined
const places = await findPlaces({ env: process.env }).catch((error: unknown) => {
  if (!(error instanceof AppError && error.code === 'SECOND_TRACKER')) giveUp(error)
  refused = error
  return placesOf(process.env)
})
/** Browsers look into HOME; where a session has none, into that of the account. */
const desktop = () => ({
  home: process.env.HOME || accountHome(process.env),
  env: process.env,
  platform: process.platform,
})

/** One for all objects of a command: an identity that comes through a pipe comes once. */
let opener: Promise<IdentityOpener> | undefined

const context: CommandContext = {
  terminal,
  signal,
  now: systemClock.now,
  zone: systemClock.zone,
  home: places.home,
  ownHome: ownTrackerBeside(places, { env: process.env }),
  refused,
  separate: folder => separateTracker(folder, process.env),
  log: places.log,
  agent: {
    connect: async () => session(await connect()),
    ensure: async () =>
      session(
        await ensureAgent({ program: siblingProgram(self, 'agent'), lifetime: 'stay', connect }, signal),
      ),
    holdOff: () => acquireLock(places.lockDb),
    lives,
  },
  async openSettings() {
    const store = await openConfigFile(places.config)
    // The user may set things up before the first start, which makes the folder otherwise.
    return {
      ...store,
      change(name, value) {
        makeFolder(places.home)
        return store.change(name, value)
      },
    }
  },
  readFile: readUserFile,
  readText: readUserText,
  createFile: createUserFile,
  writeFile: writeUserFile,
  openPage: async path =>
    (await import('../adapters/system/open-page.ts')).openPage(resolve(path), process.env),
  makeFolder: makeUserFolder,
  isFolder: isUserFolder,
  secrets: {
    keychain: openedLater(
      async () => (await import('../adapters/destination/credentials/keychain.ts')).keychain,
    ),
    file: openedLater(async () => {
      const { credentialsFile } = await import('../adapters/destination/credentials/credentials-file.ts')
      return credentialsFile(places.credentials)
    }),
  },
  openObject,
  delivered: deliveredAccess(places, { terminal, signal }),
  async restoredFolder(path, form) {
    const { openRestoredFolder } = await import('../adapters/system/restored-folder.ts')
    return openRestoredFolder(path, form)
  },
  reading: readingAccess(places, process.env),
  pages: pageAccess(dist),
  proofs: proofAccess(dist, files => namedOpener(files, places, terminal)),
  keys: keyAccess(places),
  host: {
    extensions: text.install.extensions(join(dist, 'chromium'), join(dist, 'firefox')),
    install: browsers =>
      registerHost({
        ...desktop(),
        trackerHome: places.home,
        separate: isSeparate(places),
        bridge: join(dist, 'native-host', 'bridge.js'),
        node: [process.execPath, ...leanNodeFlags],
        keep: programEnvironments,
        browsers,
      }),
    installed: () => installedPaths({ ...desktop(), launcher: launcherPath(places.home, process.platform) }),
    uninstall: () => uninstallHost({ ...desktop(), launcher: launcherPath(places.home, process.platform) }),
  },
  export: exportAccess(places),
  purge: {
    async find() {
      const { countDelivered, countUndelivered, findRemains } = await import(
        '../adapters/store/own-remains.ts'
      )
      return {
        ...findRemains(places),
        undelivered: countUndelivered(places),
        delivered: countDelivered(places),
      }
    },
    async delete() {
      const { deleteRemains } = await import('../adapters/store/own-remains.ts')
      // A second tracker may be one of a user whom the system does not list.
      if (!isSeparate(places)) await removePointer(places.home, { env: process.env })
      await readingAccess(places, process.env).clearCache()
      return deleteRemains(places)
    },
  },
  doctor: {
    unguarded,
    async freeBytes() {
      const { diskRoom } = await import('../adapters/store/disk-room.ts')
      // Before the first start, the disk on which the tracker's folder will be.
      const folder = existingFolder(places.home)
      diskRoom(folder).check()
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
    async computer() {
      const { readComputer } = await import('../adapters/system/computer.ts')
      const program = siblingProgram(import.meta.filename, 'computer-facts')
      return readComputer(program, process.env, signal)
    },
    async ignoredVariables() {
      const { ignoredVariables } = await import('../adapters/system/ignored-variables.ts')
      return ignoredVariables(process.env)
    },
    async testConnection(onReport, called) {
      const { checkOf } = await import('../adapters/destination/choose.ts')
      const { findProxyLogin, openCredentials } = await import(
        '../adapters/destination/credentials/credential-source.ts'
      )
      const { networkProbe } = await import('../adapters/network/network-probe.ts')
      const { diagnoseConnection } = await import('../network/diagnose-connection.ts')
      const { current } = await openConfigFile(places.config)
      const check = checkOf(current.value, {
        delivered: places.delivered,
        credentials: source => openCredentials(source, places.credentials),
        proxyLogin: () => findProxyLogin(places.credentials),
        env: process.env,
      })
      await diagnoseConnection(check, { probe: networkProbe, clock: systemClock }, onReport, called)
    },
  },
}

process.exitCode = await runProgram(context, packageFile.version, process.argv.slice(2))

function giveUp(error: unknown): never {
  const { lines, json, exit } = describeError(error)
  terminal.err(process.argv.includes('--json') ? [JSON.stringify(json)] : lines)
  process.exit(exit)
}

function openedLater(open: () => Promise<SecretStore>): SecretStore {
  return {
    read: async name => (await open()).read(name),
    write: async (name, value) => (await open()).write(name, value),
    forget: async name => (await open()).forget(name),
  }
}

function connect(): Promise<AgentConnection> {
  const introduction = {
    program: 'command-line',
    name: 'activity-tracker',
    version: packageFile.version,
  } as const
  return connectAgent(places, introduction, signal)
}

function session(connection: AgentConnection): AgentSession {
  return {
    [Symbol.dispose]: () => connection.close(),
    request: message => request(connection, message),
    testConnection: onReport => request(connection, { type: 'test-connection' }, onReport),
    recordInput: (onLines, ended) => recordInput(connection, onLines, ended),
    async snapshot() {
      connection.send({ type: 'subscribe', live: false })
      // The answer is the settings and then the status; a status before that was on its way already.
      const { settings } = await next(connection, 'settings')
      const { status } = await next(connection, 'status')
      return { status, settings }
    },
  }
}

async function next<T extends 'settings' | 'status'>(connection: AgentConnection, type: T) {
  type Message = Extract<Awaited<ReturnType<AgentConnection['messages']['next']>>['value'], { type: T }>
  for (;;) {
    const { done, value } = await connection.messages.next()
    if (done) throw new AppError('AGENT_UNREACHABLE', { detail: text.agentLeft })
    if (value.type === type) return value as Message
  }
}

function existingFolder(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : existingFolder(dirname(path))
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It lives, but is not ours to end.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function openObject(sealed: Uint8Array, identityFiles: readonly string[]): Promise<OpenedObject> {
  const { isZstd } = await import('../adapters/seal/compress-zstd.ts')
  const { unpackSegment } = await import('../adapters/seal/unpack-segment.ts')
  opener ??= namedOpener(identityFiles, places, terminal)
  const { open } = await opener
  const bytes = await open(sealed)
  if (!isZstd(bytes)) return { kind: 'screenshot', bytes }
  return { kind: 'records', bytes: await unpackSegment(bytes) }
}
