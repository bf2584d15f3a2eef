import '../platform/process/guard-process.ts'
import { pipeline } from 'node:stream/promises'
import { callerOf } from '../../manifests/extension-ids.ts'
import packageFile from '../../package.json' with { type: 'json' }
import { AppError, toProblem } from '../../protocol/errors.ts'
import { encodeFrame, maxBytesIn, maxBytesOut } from '../../protocol/framing.ts'
import { helloOf, openSocket } from '../adapters/socket/agent-client.ts'
import { ensureAgent } from '../adapters/socket/launch-agent.ts'
import { findPlaces } from '../platform/files/find-places.ts'
import { siblingProgram } from '../platform/process/sibling-program.ts'

/**
 * What the browser starts: says hello to the agent, starting it if need be, and then passes bytes both ways.
 * It ends when either side does; the extension reconnects and a new bridge finds or starts the next agent.
 */
const ended = new AbortController()

process.umask(0o077)

try {
  const browser = callerOf(process.argv.slice(2))
  if (browser === undefined) throw new AppError('CALLER_REFUSED')
  const places = await findPlaces({ env: process.env })
  const agent = await ensureAgent(
    {
      program: siblingProgram(import.meta.filename, 'agent'),
      lifetime: 'browser',
      connect: () => openSocket(places, ended.signal),
    },
    ended.signal,
  )
  const introduction = {
    program: 'bridge',
    name: browser,
    version: packageFile.version,
    browser_pid: process.ppid,
  } as const
  agent.write(encodeFrame(helloOf(introduction), maxBytesIn))
  await Promise.race([pipeline(process.stdin, agent), pipeline(agent, process.stdout)])
} catch (error) {
  process.stdout.write(encodeFrame({ type: 'refused', problem: toProblem(error) }, maxBytesOut))
}
// Neither pipe is worth waiting for once the other has ended: the browser kills us two seconds later anyway.
process.exit()
