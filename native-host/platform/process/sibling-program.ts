import { dirname, extname, join } from 'node:path'

/**
 * The path of another program of ours, seen from `self`: a file beside it in a bundle, and while running from sources
 * agent/main.ts or a file of programs/.
 * Pass `import.meta.filename` of the program itself, not of a module that a bundler may move.
 */
export function siblingProgram(
  self: string,
  name: 'agent' | 'bridge' | 'input-hook' | 'screen-grab' | 'picture-edit' | 'computer-facts',
): string {
  const folder = dirname(self)
  if (extname(self) !== '.ts') return join(folder, `${name}${extname(self)}`)
  return join(folder, '..', name === 'agent' ? 'agent/main.ts' : `programs/${name}.ts`)
}
