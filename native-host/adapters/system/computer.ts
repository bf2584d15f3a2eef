import { type Computer, computerSchema } from '../../../protocol/computer.ts'
import { budgets } from '../../kernel/budgets.ts'
import { boundPrograms } from '../../platform/process/bound-programs.ts'
import { runProgram } from '../../platform/process/run-program.ts'

/** @param path of computer-facts.ts, or of computer-facts.js in a bundle. What cannot be found out is not there. */
export async function readComputer(
  path: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Computer> {
  return runProgram('computer-facts', path, { env, answer: computerSchema, signal })
}

/** Asks npm systeminformation for these fields and no others: beside them it knows serial numbers, names and addresses. */
export async function askLibrary(env: NodeJS.ProcessEnv): Promise<Computer> {
  boundPrograms(budgets.toolOutput.most)
  const { cpu, mem, osInfo, system } = await import('systeminformation')
  const [{ manufacturer, model }, { distro, release }, processor, { total }] = await Promise.all([
    system(),
    osInfo(),
    cpu(),
    mem(),
  ])
  const cores = processor.physicalCores || processor.cores
  return {
    model: textOf(manufacturer, model),
    system: textOf(distro, release),
    desktop: textOf(desktopOf(env)),
    processor: textOf(
      processor.manufacturer,
      `${processor.brand}, ${cores === 1 ? '1 core' : `${cores} cores`}`,
    ),
    memory_gib: total > 0 ? Math.round(total / 2 ** 30) : undefined,
  }
}

/** A list from the most particular on, such as "ubuntu:GNOME" (XDG desktop entry specification). */
function desktopOf({ XDG_CURRENT_DESKTOP }: NodeJS.ProcessEnv): string {
  return XDG_CURRENT_DESKTOP?.split(':').at(-1) ?? ''
}

/** Makers fill in "To be filled by O.E.M." and the like, or nothing. */
const empty =
  /^(|-|0|none|unknown|default string|not (specified|available|applicable)|to be filled by o\.?e\.?m\.?|system (manufacturer|product name))$/i

function textOf(...words: readonly string[]): string | undefined {
  const known = words.map(word => String(word).trim()).filter(word => !empty.test(word))
  const text = known.join(' ').replaceAll(/\s+/g, ' ').slice(0, 120).trim()
  return text === '' ? undefined : text
}
