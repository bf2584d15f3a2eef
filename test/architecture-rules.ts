import { basename, dirname, join } from 'node:path/posix'

/**
 * The walls of the house, as docs/architecture.md draws them. Everything is decided from a file's path and its
 * text, so that a test can also ask about a file that breaks a wall.
 */

/**
 * What a topic may import of others beside the kernel. The order is that of reading: each names only topics above it,
 * so that there is no circle.
 */
export const topics = {
  network: [],
  config: ['network'],
  power: [],
  delivery: ['network', 'power'],
  journal: ['delivery'],
  input: [],
  detection: ['input'],
  presence: ['input', 'journal'],
  activity: ['input', 'detection', 'presence', 'journal'],
  tracking: ['input', 'activity', 'journal'],
  privacy: ['config'],
  screenshots: ['presence', 'privacy', 'journal', 'delivery'],
  timeline: ['journal'],
  verify: ['journal', 'timeline'],
  reader: ['journal', 'timeline', 'verify'],
  proof: ['journal', 'verify', 'reader'],
  opened: ['reader', 'screenshots'],
  clients: ['privacy', 'screenshots', 'opened'],
} as const satisfies Record<string, readonly string[]>
export type Topic = keyof typeof topics

const floorNames = [
  'protocol',
  'kernel',
  'topics',
  'platform',
  'adapters',
  'commands',
  'agent',
  'programs',
  'pages',
  'manifests',
  'extension',
] as const
type Floor = (typeof floorNames)[number]

type Wall = {
  /** Floors of our own that it may import from. */
  floors: readonly Floor[]
  /** Packages of others; 'any' for those whose work is to speak with the world. */
  packages: readonly string[] | 'any'
  node: boolean
  /** No clock, no chance, no process: such things come as arguments. */
  pure?: true
}

const walls: Record<Floor, Wall> = {
  protocol: { floors: ['protocol'], packages: ['valibot'], node: false, pure: true },
  kernel: {
    floors: ['protocol', 'kernel'],
    packages: ['@preact/signals-core'],
    node: false,
    pure: true,
  },
  topics: { floors: ['protocol', 'kernel', 'topics'], packages: [], node: false, pure: true },
  platform: { floors: ['protocol', 'kernel', 'topics', 'platform'], packages: 'any', node: true },
  adapters: { floors: ['protocol', 'kernel', 'topics', 'platform', 'adapters'], packages: 'any', node: true },
  commands: {
    floors: ['protocol', 'kernel', 'topics', 'manifests', 'commands'],
    packages: ['commander'],
    node: true,
  },
  agent: {
    floors: ['protocol', 'kernel', 'topics', 'platform', 'adapters', 'agent'],
    packages: 'any',
    node: true,
  },
  programs: {
    floors: ['protocol', 'kernel', 'topics', 'platform', 'adapters', 'commands', 'programs', 'manifests'],
    packages: 'any',
    node: true,
  },
  manifests: { floors: ['protocol', 'manifests'], packages: 'any', node: true },
  pages: {
    floors: ['protocol', 'kernel', 'topics', 'extension', 'pages'],
    packages: ['@noble/curves', '@noble/hashes', 'age-encryption', 'preact', 'valibot'],
    node: false,
  },
  extension: {
    floors: ['protocol', 'extension'],
    packages: ['idb', 'preact', 'valibot', 'webextension-polyfill'],
    node: false,
  },
}

/** What the pages of the host share with those of the extension: they know of no browser's extension API. */
const sharedRooms = ['ui/day-picture', 'ui/span-table', 'ui/theme.css', 'text', 'model']

/** Walls that have a door, and why. */
export const doors: Record<string, Record<string, string>> = {
  'extension/manifest.ts': { 'manifests/extension-ids.ts': 'the one list of the extension’s own names' },
}

/** The files that start programs. */
const starters = [
  'native-host/platform/process/start-program.ts',
  'manifests/install.ts',
  // Starts none: it bounds what libraries start.
  'native-host/platform/process/bound-programs.ts',
]

/** Files that no floor contains: they are run while building or developing and are in nothing that is installed. */
export const tools = [
  'extension/icons/draw.ts',
  'manifests/start.ts',
  'manifests/demo-browser.ts',
  'manifests/running-tracker.ts',
]

export type Import = { target: string; typeOnly: boolean }

/** Every module that the text asks for, statically or not. `target` of our own files is a path from the top. */
export function importsOf(path: string, text: string): Import[] {
  const statics = text.matchAll(
    /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s*\bfrom\s+)?(["'])([^"']+)\2/gm,
  )
  const dynamics = text.matchAll(/\bimport\s*\(\s*(?:(["'])([^"']+)\1|[^)])/g)
  return [
    ...[...statics].map(([, type, , target = '']) => ({ target: resolve(path, target), typeOnly: !!type })),
    ...[...dynamics].map(([, , target = '?']) => ({ target: resolve(path, target), typeOnly: false })),
  ]
}

function resolve(path: string, target: string): string {
  return target.startsWith('.') ? join(dirname(path), target) : target
}

/** What is wrong with a file, in sentences; none when it keeps within its walls. */
export function brokenWalls(path: string, text: string): string[] {
  const floor = floorOf(path)
  if (floor === undefined) return []
  return [
    ...importsOf(path, text).flatMap(({ target, typeOnly }) => {
      const why = whyNot(path, floor, target, typeOnly)
      return why === undefined ? [] : [`${path} imports ${target}: ${why}`]
    }),
    ...(walls[floor].pure
      ? ambientNamesIn(text).map(
          name => `${path} uses ${name}: it is pure, and gets such things as arguments`,
        )
      : []),
    ...(isDumpingGround(path) ? [`${path}: a name that says nothing collects everything`] : []),
  ]
}

export function floorOf(path: string): Floor | undefined {
  if (tools.includes(path)) return undefined
  if (topicOf(path)) return 'topics'
  const [top, second = ''] = path.split('/')
  return floorNames.find(floor => floor === (top === 'native-host' ? second : top))
}

export function topicOf(path: string): Topic | undefined {
  const [top, second = ''] = path.split('/')
  return top === 'native-host' && isTopic(second) ? second : undefined
}

function isTopic(name: string): name is Topic {
  return Object.hasOwn(topics, name)
}

function whyNot(path: string, floor: Floor, target: string, typeOnly: boolean): string | undefined {
  const wall = walls[floor]
  if (target === '?') return 'a name that is made at run time cannot be checked'
  if (target.endsWith('.json') || doors[path]?.[target]) return undefined
  if (target === 'node:child_process' && !typeOnly && !starters.includes(path))
    return 'programs are started in one place, which says what each of them gets of the environment'
  if (target.startsWith('node:')) return wall.node ? undefined : `${floor} knows nothing of Node`
  if (!/^[\w-]+\/.*\.(ts|tsx|css)$/.test(target) || target.startsWith('@')) {
    const name = /^(@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target
    return wall.packages === 'any' || wall.packages.includes(name)
      ? undefined
      : `${floor} needs no such package`
  }
  const to = floorOf(target)
  if (to === undefined || !wall.floors.includes(to)) return `${floor} may not import from there`
  if (floor === 'pages' && to === 'extension' && !isShared(target))
    return 'of the extension, a page of the host may import the rooms that both share'
  if (isPorts(path) && !typeOnly) return 'a port is a type and has nothing that runs'
  if (to === 'topics' && floor === 'topics') return whyNotNextTopic(path, target)
  if (to === 'commands' && floor === 'programs' && path !== cli && !isPartOf(path, cli))
    return 'commands belong to cli.ts'
  if (to === 'programs' && !isPartOf(target, path)) return 'nothing imports a program'
  if (target === agent) return 'nothing imports a program'
  if (to === 'adapters' && floor === 'adapters') return whyNotNextDoor(path, target, typeOnly)
  return undefined
}

function isShared(target: string): boolean {
  return sharedRooms.some(room => target.startsWith(`extension/${room}`))
}

const cli = 'native-host/programs/cli.ts'
const agent = 'native-host/agent/main.ts'

/** cli-keys.ts is a part of cli.ts, and only that may import it. */
function isPartOf(part: string, root: string): boolean {
  return part.startsWith(`${root.replace(/\.ts$/, '')}-`)
}

function isPorts(path: string): boolean {
  return basename(path) === 'ports.ts'
}

function whyNotNextTopic(path: string, target: string): string | undefined {
  const [from, to] = [topicOf(path), topicOf(target)]
  if (!from || !to || from === to) return undefined
  const allowed: readonly string[] = topics[from]
  return allowed.includes(to) ? undefined : `${from} may not import ${to}`
}

function whyNotNextDoor(path: string, target: string, typeOnly: boolean): string | undefined {
  if (roomOf(target) === roomOf(path) || (isPorts(target) && typeOnly)) return undefined
  return 'adapters do not know each other; the agent or a program brings them together'
}

/** The folder of an adapter: input, capture, destination … */
function roomOf(path: string): string {
  return path.replace('native-host/adapters/', '').split('/')[0] ?? ''
}

const ambientNames = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'Date.now',
  'new Date',
  'Temporal.Now',
  'Math.random',
  'crypto',
  'performance',
  'process',
  'console',
  'globalThis',
]

function ambientNamesIn(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, '""')
  return ambientNames.filter(name => {
    // A property or a key of that name is something else; `new Date(instant)` would be pure, `new Date()` is not.
    const use = name === 'new Date' ? 'new Date\\(\\s*\\)' : `${name.replace('.', '\\.')}\\b(?!\\s*:)`
    return new RegExp(`(?<![.\\w$])${use}`).test(code)
  })
}

function isDumpingGround(path: string): boolean {
  return /^(utils?|helpers?|misc|common|shared|index)\.tsx?$/.test(basename(path))
}
