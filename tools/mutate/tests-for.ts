import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The unit tests of a file: the one beside it of the same name. A file without one is tested through what imports it,
 * so that the tests count that are the fewest imports away.
 */
export function createTestFinder(top: string) {
  const importers = readImporters(top)
  return { testsFor, importersOf }

  function testsFor(file: string): string[] {
    const own = file.replace(/\.ts$/, '.test.ts')
    if (existsSync(join(top, own))) return [own]
    const seen = new Set([file])
    for (let ring = [file]; ring.length > 0; ) {
      ring = [...new Set(ring.flatMap(path => [...(importers.get(path) ?? [])]))].filter(
        path => !seen.has(path),
      )
      // What stands in test/ runs whole programs.
      const tests = ring.filter(path => path.endsWith('.test.ts') && !path.startsWith('test/'))
      if (tests.length > 0) return tests.sort()
      for (const path of ring) seen.add(path)
    }
    return []
  }

  /**
   * What has to be loaded again when this file has changed: itself and all that imports it, directly or not.
   */
  function importersOf(file: string): string[] {
    const found = new Set([file])
    // A set hands out what is added on the way, too.
    for (const path of found) for (const importer of importers.get(path) ?? []) found.add(importer)
    return [...found]
  }
}

/** By file: the files of the project that import it, for more than its types. */
function readImporters(top: string): Map<string, Set<string>> {
  const importers = new Map<string, Set<string>>()
  for (const path of globSync('{protocol,native-host,test}/**/*.ts', { cwd: top })) {
    const text = readFileSync(join(top, path), 'utf8')
    for (const [, target = ''] of text.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?'(\.[^']+)'/gm)) {
      const imported = join(dirname(path), target)
      const found = importers.get(imported) ?? new Set()
      importers.set(imported, found.add(path))
    }
  }
  return importers
}
