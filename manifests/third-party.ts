import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

/**
 * The licences of everything that runs beside or inside our programs: the packages of `npm ci --omit=dev`,
 * with the Node runtime. The build writes it beside the programs; the extension has its own, of its bundle.
 * @param root the project's folder, with node_modules in it
 * @throws Error when a package comes without a licence that we know the text of
 */
export function thirdPartyNotices(root: string): string {
  const packages = shippedPackages(root)
  const alike = Map.groupBy(packages, ({ texts }) => texts.join('\n\n'))
  const parts = [...alike].map(([text, those]) => `${those.map(title).join('\n')}\n\n${text}`)
  return `${[preface, packages.map(title).join('\n'), ...parts].join(`\n\n${'='.repeat(80)}\n\n`)}\n`
}

function title({ name, version, licence }: Shipped): string {
  return `${name} ${version} (${licence})`
}

const preface = `Activity Tracker comes with the following packages. Each is used as its authors publish it on the npm
registry under this name and version; that is also where its source is found.`

const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      license: v.optional(v.string()),
      dependencies: v.optional(v.record(v.string(), v.string()), {}),
      optionalDependencies: v.optional(v.record(v.string(), v.string()), {}),
    }),
  ),
})
type Lock = v.InferOutput<typeof lockSchema>

type Shipped = { name: string; version: string; licence: string; texts: string[] }

export function shippedPackages(root: string): Shipped[] {
  const lock = v.parse(lockSchema, JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const reached = new Set<string>()
  const walk = (from: string) => {
    const { dependencies, optionalDependencies } = lock.packages[from] ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const path = resolve(lock, from, name)
      if (path === undefined || reached.has(path)) continue
      reached.add(path)
      walk(path)
    }
  }
  walk('')
  // Those of other platforms are not here.
  const installed = [...reached].filter(path => existsSync(join(root, path))).sort()
  return installed.map(path => shipped(root, path, lock))
}

/** As Node finds it: in the package's own node_modules, or else further up. */
function resolve(lock: Lock, from: string, name: string): string | undefined {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (Object.hasOwn(lock.packages, path)) return path
  if (from === '') return undefined
  return resolve(lock, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}

function shipped(root: string, path: string, lock: Lock): Shipped {
  const { version = '', license } = lock.packages[path] ?? {}
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const files = readdirSync(join(root, path)).filter(file => /^(licen[cs]e|copying|notice)\b/i.test(file))
  const read = (file: string) => readFileSync(join(root, path, file), 'utf8').trim()
  const texts = files.sort().map(read)
  if (texts.length > 0) return { name, version, licence: license ?? 'see below', texts }
  // It says under which licence it is, but not what that says.
  const known = join(root, 'licences', `${license}.txt`)
  if (license === undefined || !existsSync(known)) throw new Error(`${path} comes without a licence`)
  const about = existsSync(join(root, path, 'README.md')) ? read('README.md') : ''
  const said = /^## Licensing$[\s\S]*/m.exec(about)?.[0]
  return {
    name,
    version,
    licence: license,
    texts: [authors(read('package.json')), said ?? '', readFileSync(known, 'utf8').trim()].filter(Boolean),
  }
}

const packageSchema = v.object({
  author: v.optional(v.union([v.string(), v.object({ name: v.string() })])),
})

function authors(packageFile: string): string {
  const { author } = v.parse(packageSchema, JSON.parse(packageFile))
  return author === undefined ? '' : `Copyright ${typeof author === 'string' ? author : author.name}`
}
