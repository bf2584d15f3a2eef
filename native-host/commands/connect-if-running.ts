import { AppError } from '../../protocol/errors.ts'
import type { AgentAccess, AgentSession } from './context.ts'

/** For commands that do their work either way. @throws AppError PROTOCOL_MISMATCH */
export async function connectIfRunning(agent: AgentAccess): Promise<AgentSession | undefined> {
  try {
    return await agent.connect()
  } catch (error) {
    if (error instanceof AppError && error.code === 'AGENT_UNREACHABLE') return undefined
    throw error
  }
}
