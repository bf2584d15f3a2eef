import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Kind, mutationPoints } from './mutation-points.ts'
import { filesOf, type Topic } from './topics.ts'

export type Mutant = {
  /** The same as long as its line reads the same, after any move of the line and the file. */
  id: string
  topic: Topic
  file: string
  kind: Kind
  line: number
  lineText: string
  /** `+ → -` */
  change: string
  /** Which of several equal changes in equal lines of the file, from 1. */
  nth: number
  start: number
  end: number
  replacement: string
}

export function mutantsOfTopic(topic: Topic, top: string): Mutant[] {
  return filesOf(topic, top).flatMap(file => mutantsOf(topic, file, readFileSync(join(top, file), 'utf8')))
}

export function mutantsOf(topic: Topic, file: string, text: string): Mutant[] {
  const seen = new Map<string, number>()
  return mutationPoints(file, text).map(({ kind, start, end, replacement }) => {
    const lineText = lineAt(text, start)
    const change = `${shortened(text.slice(start, end))} → ${shortened(replacement)}`
    const name = JSON.stringify([basename(file), lineText, change])
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    const id = hash('sha1', `${name} ${nth}`).slice(0, 10)
    const line = text.slice(0, start).split('\n').length
    return { id, topic, file, kind, line, lineText, change, nth, start, end, replacement }
  })
}

/** The `most` mutants whose number for this seed is the lowest: a mutant more or less leaves the others in it. */
export function sampleOf(mutants: readonly Mutant[], seed: number, most: number): Mutant[] {
  return mutants
    .map(mutant => ({ mutant, rank: hash('sha1', `${seed} ${mutant.id}`) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, most)
    .map(({ mutant }) => mutant)
}

function lineAt(text: string, at: number): string {
  const from = text.lastIndexOf('\n', at - 1) + 1
  const to = text.indexOf('\n', at)
  return text.slice(from, to === -1 ? text.length : to).trim()
}

function shortened(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ')
  return oneLine.length > 60 ? `${oneLine.slice(0, 59)}…` : oneLine
}
