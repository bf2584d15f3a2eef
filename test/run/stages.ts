import type { GroupName } from '../faults/groups.ts'
import { unitFiles } from './unit-files.ts'

/** A program and its words; `node` is the one of this project. */
export type Command = readonly string[]

export type Stage = {
  /** What it proves, in a line of CONTRIBUTING.md. */
  proves: string
  needs: 'nothing' | 'the build' | 'the build and system packages'
  /** Measured on two cores, with the lanes side by side. For people: nothing depends on it. */
  minutes: number
  /** One row after the other; the commands of a row run side by side. */
  rows(): readonly (readonly Command[])[]
}

export const stageNames = [
  'types',
  'lint',
  'unit',
  'build',
  'programs',
  'contract',
  'attacks',
  'faults',
  'system',
  'network',
  'e2e',
  'alone',
] as const
export type StageName = (typeof stageNames)[number]

const script = (name: string): Command => ['npm', 'run', '-s', name]
/** Tests wait for conditions. The limit is only for what would hang for ever. */
const tests = (concurrency: number, ...files: readonly string[]): Command => [
  ...['node', '--test', '--test-timeout=300000', `--test-concurrency=${concurrency}`],
  ...files,
]
const together = (files: readonly string[]): Command => [
  ...['node', '--test', '--test-timeout=300000', '--test-isolation=none'],
  ...files,
]
const faults = (group: GroupName): Command => ['node', 'test/faults/main.ts', '--fast', group]

/** How much is counted in a time, and how soon something is so: what else the computer does would be measured too. */
const aloneTests = ['test/contract/input-source.test.ts', 'test/e2e/takeover.test.ts'] as const

export const stages: Record<StageName, Stage> = {
  types: {
    proves: 'the types are right',
    needs: 'nothing',
    minutes: 0.3,
    rows: () => [[script('types')]],
  },
  lint: {
    proves: 'the code has one form',
    needs: 'nothing',
    minutes: 0.1,
    rows: () => [[script('lint')]],
  },
  unit: {
    proves: 'each rule, flow and adapter by itself; walls, documents and dependencies',
    needs: 'nothing',
    minutes: 1.2,
    rows() {
      const { shared, own } = unitFiles()
      return [[...shared.map(together), tests(1, ...own)]]
    },
  },
  build: {
    proves: 'extension and programs can be built; Firefox would take the extension',
    needs: 'nothing',
    minutes: 0.1,
    rows: () => [[script('build')], [script('lint:extension')]],
  },
  programs: {
    proves: 'the command line and the bridge as processes',
    needs: 'the build',
    minutes: 0.9,
    rows: () => [[tests(2, ...unitFiles().programs)]],
  },
  contract: {
    proves: 'adapters keep their contracts with real displays, disks, buses and a real S3 server',
    needs: 'the build and system packages',
    minutes: 4.3,
    rows: () => [[tests(2, 'test/contract/!(input-source).test.ts')]],
  },
  attacks: {
    proves: 'who may do what, seen from the attacker; `test:attacks` has the slow ones too',
    needs: 'the build and system packages',
    minutes: 2.2,
    rows: () => [[tests(2, 'test/attacks/**/!(*.slow).test.ts')]],
  },
  faults: {
    proves: 'docs/promises.md in small; `test:faults` has it in full',
    needs: 'the build and system packages',
    minutes: 3.5,
    rows: () => [[faults('server'), faults('computer')]],
  },
  system: {
    proves: 'conditions of a computer that people meet; `test:system` has the slow ones too',
    needs: 'the build and system packages',
    minutes: 2.4,
    rows: () => [[['node', 'test/system/main.ts', '--fast']]],
  },
  network: {
    proves: 'what can be wrong with a network, and what is said of it; needs root',
    needs: 'the build and system packages',
    minutes: 0.6,
    rows: () => [[['node', 'test/network/run-in-own-network.ts']]],
  },
  e2e: {
    proves: 'journeys of a person through real browsers',
    needs: 'the build and system packages',
    minutes: 7.0,
    rows: () => [[tests(3, 'test/e2e/!(takeover).test.ts')]],
  },
  alone: {
    proves: 'what is promised in seconds: counting under load, and taking over',
    needs: 'the build and system packages',
    minutes: 2.2,
    rows: () => [[tests(1, ...aloneTests)], [faults('prompt')]],
  },
}

/**
 * `npm test`: one step after the other. The lanes of a step run side by side: most stages wait more than they work,
 * each has displays, homes, ports and networks of its own, and what must not be disturbed runs alone at the end.
 */
export const everything: readonly (readonly (readonly StageName[])[])[] = [
  [['types', 'lint'], ['unit']],
  [['build']],
  [
    ['e2e', 'programs', 'attacks', 'network'],
    ['faults', 'system', 'contract'],
  ],
  [['alone']],
]

/** `npm run check` is the first step of it. */
export const check = everything.slice(0, 1)
