import { assertAppError } from '../../../../protocol/assert-app-error.ts'
import {
  type Extra,
  type Extras,
  mayBeRefusal,
  timesToBelieve,
  waysToLeaveOut,
} from '../../../delivery/upload-extras.ts'
import type { Memory } from '../../../kernel/ports.ts'
import { httpStatusOf, isS3Answer, s3CodeOf } from './errors.ts'
import type { S3Facts } from './ports.ts'
import type { S3Settings } from './settings.ts'

/** What servers refused, across restarts. `place` is a bucket of a server. */
export type Dialects = {
  recall(place: string): readonly Extra[]
  /** Never throws: what cannot be noted is found out again. */
  note(place: string, refused: readonly Extra[]): void
}

/** No person has more buckets than these. */
const mostPlaces = 20

export function rememberedDialects(memory: Memory<S3Facts>): Dialects {
  const known = () => memory.get('refused_extras') ?? []
  return {
    recall: place => known().find(each => each.place === place)?.extras ?? [],
    note(place, extras) {
      const others = known().filter(each => each.place !== place)
      try {
        memory.set('refused_extras', [...others, { place, extras }].slice(-mostPlaces))
      } catch (error) {
        // A full disk: it is found out again.
        assertAppError(error)
      }
    },
  }
}

/** What one bucket has refused and accepted so far. */
export type Dialect = {
  refused: Set<Extra>
  accepted: Set<Extra>
  /** Answers that stayed the same without any of the extras. */
  unmoved: Set<string>
  /** How often it helped to leave something out. */
  helped: Map<string, number>
  keep(): void
}

export function createDialect(
  { endpoint, region, bucket_name }: S3Settings,
  dialects: Dialects | undefined,
): Dialect {
  const place = JSON.stringify([endpoint, region, bucket_name])
  const refused = new Set(dialects?.recall(place))
  return {
    refused,
    accepted: new Set(),
    unmoved: new Set(),
    helped: new Map(),
    keep: () => dialects?.note(place, [...refused]),
  }
}

/**
 * Asks with all that goes beside an upload, and where that may be what is refused, once more without; what the server
 * takes then is how it is asked from then on.
 * @param uses what this request has of it
 */
export async function inItsWords<T>(
  dialect: Dialect,
  uses: readonly Extra[],
  ask: (extras: Extras) => Promise<T>,
): Promise<T> {
  const sent = new Set(uses.filter(extra => !dialect.refused.has(extra)))
  try {
    const answer = await ask(sent)
    for (const extra of sent) dialect.accepted.add(extra)
    return answer
  } catch (error) {
    const status = httpStatusOf(error) ?? 0
    const said = `${status} ${s3CodeOf(error)}`
    const accepted = [...sent].every(extra => dialect.accepted.has(extra))
    if (dialect.unmoved.has(said) || !mayBeRefusal(status, s3CodeOf(error), accepted)) throw error
    for (const way of waysToLeaveOut(sent)) {
      const learn = () => {
        const times = (dialect.helped.get(way.join()) ?? 0) + 1
        dialect.helped.set(way.join(), times)
        if (times < timesToBelieve(status)) return
        for (const extra of way) dialect.refused.add(extra)
        dialect.keep()
      }
      try {
        const answer = await ask(new Set([...sent].filter(extra => !way.includes(extra))))
        learn()
        return answer
      } catch (again) {
        if (httpStatusOf(again) === undefined) throw again
        // It got as far as to be compared with what is there.
        if (!isS3Answer(again, 'PreconditionFailed')) continue
        learn()
        throw again
      }
    }
    dialect.unmoved.add(said)
    throw error
  }
}
