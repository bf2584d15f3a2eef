import '../platform/process/guard-process.ts'
import { askLibrary } from '../adapters/system/computer.ts'
import { answerAndExit, endWithAgent } from '../platform/process/run-program.ts'

/**
 * The process that says once what kind of computer this is, and ends. npm systeminformation starts programs and takes
 * as much memory as all of the agent's own code.
 */
endWithAgent()
process.once('unhandledRejection', () => answerAndExit({}))
answerAndExit(await askLibrary(process.env).catch(() => ({})))
