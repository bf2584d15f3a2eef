import { assertAppError } from '../../protocol/assert-app-error.ts'
import type { Problem } from '../../protocol/errors.ts'
import {
  type AgentMessage,
  type ClientMessage,
  checkProtocol,
  parseAgentMessage,
} from '../../protocol/messages.ts'
import { type LinkPhase, problemOfDisconnect } from './disconnect-reason.ts'
import type { Link } from './page-channel.ts'

/** A native port, open or about to fail: browsers tell only by closing it. */
export type NativePort = { send(message: ClientMessage): void; close(): void }
/** `onClose` comes at most once, with the browser's words for the reason; not after our own `close`. */
export type NativePortHandlers = {
  onMessage(message: unknown): void
  onClose(reason: string | undefined): void
}

type World = {
  connect(handlers: NativePortHandlers): NativePort
  /** Only for spans of seconds: browsers stop an idle background script. Longer waits are the alarm's. */
  later(ms: number, run: () => void): void
  monotonicMs(): number
}

/** Then the alarm tries once a minute. */
const quickRetriesMs = [200, 1_000, 3_000]
/** A connection that stays open for this time ends the series of failures before it. */
const provenAfterMs = 30_000
/** The bridge may first have to start an agent. */
const welcomeWithinMs = 15_000
/** Trying again at once cannot help against these: the user has to install, update or start a program. */
const nonRetryable: readonly Problem['code'][] = ['HOST_MISSING', 'PROTOCOL_MISMATCH', 'MESSAGE_INVALID']

/** Keeps one connection to the native host for as long as the background script lives. */
export function createHostLink(
  world: World,
  handlers: {
    /** What to say first on every new connection. */
    greeting(): ClientMessage[]
    onLink(link: Link): void
    onMessage(message: AgentMessage): void
  },
) {
  let link: Link = { kind: 'connecting' }
  let port: NativePort | undefined
  let retries = 0

  function setLink(next: Link): void {
    link = next
    handlers.onLink(next)
  }

  function open(): void {
    const openedAt = world.monotonicMs()
    let phase: LinkPhase = 'before-welcome'

    const fail = (problem: Problem) => {
      if (port !== mine) return
      port = undefined
      mine.close()
      if (world.monotonicMs() - openedAt > provenAfterMs) retries = 0
      setLink({ kind: 'lost', problem })
      const wait = nonRetryable.includes(problem.code) ? undefined : quickRetriesMs[retries++]
      if (wait !== undefined) world.later(wait, () => port ?? open())
    }

    const mine = world.connect({
      onMessage(raw) {
        if (port !== mine) return
        try {
          const message = parseAgentMessage(raw)
          if (message.type === 'refused') return fail(message.problem)
          if (message.type === 'welcome') {
            checkProtocol(message.protocol)
            phase = 'after-welcome'
            setLink({ kind: 'connected', version: message.version })
          } else handlers.onMessage(message)
        } catch (error) {
          assertAppError(error)
          fail({ code: error.code, ...(error.detail !== undefined && { detail: error.detail }) })
        }
      },
      onClose: reason => fail(problemOfDisconnect(reason, phase)),
    })
    port = mine
    world.later(welcomeWithinMs, () => {
      if (phase === 'before-welcome') fail({ code: 'AGENT_START_FAILED' })
    })
    for (const message of handlers.greeting()) mine.send(message)
  }

  return {
    get link() {
      return link
    },
    /** Connects if there is no connection. The link keeps its last problem until the agent answers. */
    tryAgain(): void {
      if (port === undefined) open()
    },
    /** The same because a person asked, who wants to see that something happens. */
    checkAgain(): void {
      retries = 0
      if (port !== undefined) return
      setLink({ kind: 'connecting' })
      open()
    },
    /** What stands in the way, or undefined when the message is on its way. */
    send(message: ClientMessage): Problem | undefined {
      if (port === undefined) return link.kind === 'lost' ? link.problem : { code: 'AGENT_UNREACHABLE' }
      port.send(message)
    },
  }
}
