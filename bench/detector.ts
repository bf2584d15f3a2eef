import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { PointerWeights } from '../native-host/detection/rules/pointer-model.ts'
import { jumpRule, sixRules } from '../tools/detector/baselines.ts'
import { measureCommand, measureState } from '../tools/detector/detector-cost.ts'
import { familiesTable, figuresOf, humansTable, marginsTable } from '../tools/detector/detector-report.ts'
import { drawPictures } from '../tools/detector/draw-pictures.ts'
import { fitPointerModel, writePointerModel } from '../tools/detector/fit.ts'
import { measureHumans } from '../tools/detector/humans.ts'
import { ourJudge } from '../tools/detector/judges.ts'
import { imitationsToFit, madeUpTools } from '../tools/detector/made-up-tools.ts'
import { joinedByPerson, loadSessions, type Session } from '../tools/detector/recordings.ts'
import { isForFitting, isJudged, isPointing, kinOf } from '../tools/detector/split.ts'
import { delaysOf, type FamilyFigures, overlapsOf } from '../tools/detector/tools.ts'
import type { Benchmark } from './figure.ts'

const needs =
  'It needs --data DIR: human/ and scripted/ with recordings as docs/detection.md describes them (columns ' +
  's,t,e,x,y,b; gzip), of people and of tools. They are not ours to ship; the same page says where they are from.'

/**
 * How well scripts are found and people are left alone. People are split, never their windows: a model that was fitted to
 * one half is reported on the other. A family of tools is also found by a model that never saw it.
 */
const detector: Benchmark = {
  what: 'scripts that are found and people who are left alone (some minutes)',

  lacks: ({ data }) =>
    data !== undefined && existsSync(join(data, 'human')) && existsSync(join(data, 'scripted'))
      ? undefined
      : needs,

  async measure({ data = '', fit, picture }) {
    const everyone = loadSessions(join(data, 'human'))
    const typists = everyone.filter(({ set }) => set === 'aalto136m')
    const pointers = everyone.filter(({ set }) => set !== 'aalto136m')
    const people = [...pointers, ...joinedByPerson(typists)]
    const tools = loadSessions(join(data, 'scripted')).filter(isJudged)
    const known = [...tools, ...imitationsToFit()]
    if (fit) writePointerModel(fitPointerModel(pointers, known))

    progress('fitting on each half of the people')
    const halves = [true, false].map(half =>
      fitPointerModel(
        pointers.filter(session => isForFitting(session) === half),
        known.filter(run => isFirstHalf(run) === half),
      ),
    )
    const weightsFor = (ofFitting: boolean) => {
      const weights = halves[ofFitting ? 1 : 0]
      if (!weights) throw new Error('Both halves were fitted')
      return weights
    }

    progress('judging people')
    const humans = measureHumans(people, session => weightsFor(isForFitting(session)))

    const strangers = pointers.filter(session => !isForFitting(session))
    const hosts = strangers.filter(({ events }) => events.length > 5000)
    const fittedWithout = new Map<string, PointerWeights>()
    const families = Map.groupBy([...tools, ...madeUpTools(hosts)], ({ set }) => set)
    const figures = [...families].map(([family, runs]): FamilyFigures => {
      progress(`judging ${family}`)
      const learnt = known.some(({ set }) => set === family) && runs.some(isPointing)
      const without = learnt
        ? fittedWithout.getOrInsertComputed(kinOf(family), kin =>
            fitPointerModel(pointers.filter(isForFitting), known, kin),
          )
        : weightsFor(false)
      const native = (judge: typeof jumpRule) => delaysOf(runs, () => judge).get('native') ?? []
      const knows = (run: Session) => ourJudge('normal', weightsFor(isFirstHalf(run)))
      return {
        family,
        known: learnt ? delaysOf(runs, knows) : undefined,
        unseen: delaysOf(runs, () => ourJudge('normal', without)),
        strictness: {
          low: delaysOf(runs, () => ourJudge('low', without)).get('native') ?? [],
          high: delaysOf(runs, () => ourJudge('high', without)).get('native') ?? [],
        },
        jump: native(jumpRule),
        six: native(sixRules),
        overlaps: overlapsOf(runs, hosts, ourJudge('normal', weightsFor(false))),
      }
    })

    console.log(humansTable(humans))
    console.log(marginsTable(humans))
    console.log(familiesTable(figures))
    if (picture) drawPictures(humans, figures)
    return [...figuresOf(humans, figures), measureState(pointers), ...(await measureCommand(pointers))]
  },
}
export default detector

/** Runs of a tool are split as people are, so that no model is reported on what it was fitted to. */
function isFirstHalf({ name }: Session): boolean {
  return Number(name) % 2 === 0
}

function progress(what: string): void {
  console.error(`  ${what} …`)
}
