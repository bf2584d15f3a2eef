import { dirname, extname, join } from 'node:path'

/**
 * The path of another program of ours beside `self`: agent.ts while running from sources, agent.js in a bundle.
 * Pass `import.meta.filename` of the program itself, not of a module that a bundler may move.
 */
export function siblingProgram(
  self: string,
  name: 'agent' | 'bridge' | 'input-hook' | 'screen-grab' | 'picture-edit' | 'computer-facts',
): string {
  return join(dirname(self), `${name}${extname(self)}`)
}
