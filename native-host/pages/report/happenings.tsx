import { text as shared } from '../../../extension/text/catalogue.ts'
import { describeTotal } from '../../../extension/text/durations.ts'
import { capital, lengthOf, timesOf, whyOf } from '../../../extension/text/lane-words.ts'
import { words } from '../../../extension/text/local-words.ts'
import { describeShot } from '../../../extension/text/picture-words.ts'
import { zoneName } from '../../../extension/text/zone-words.ts'
import { describeGap } from '../../../protocol/gap-words.ts'
import type { ReportDay } from '../../../protocol/report.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { FlagDetail } from './flag-detail.tsx'
import { type Happening, happeningsOf } from './model/happenings.ts'
import { text } from './text.ts'

/** The day as a list, in the order of time. */
export function Happenings({ day }: { day: ReportDay }) {
  return (
    <section class="card" data-testid="happenings">
      <h2>{text.day.happened}</h2>
      <ol class="happenings">
        {happeningsOf(day).map((happening, place) => (
          <li key={place} data-tone={toneOf(happening)}>
            <span class="time soft">{timesOf(happening, day, words)}</span>
            <Icon name={iconOf(happening)} />
            <div>
              <Told happening={happening} day={day} />
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Told({ happening, day }: { happening: Happening; day: ReportDay }) {
  switch (happening.kind) {
    case 'began':
      return text.day.began
    case 'ended':
      return text.day.ended
    case 'zone':
      return text.day.zone(zoneName(happening.zone))
    case 'shot':
      return describeShot(happening.shot)
    case 'hidden':
      return shared.picture.hidden[happening.hidden]
    case 'flag':
      return <FlagDetail flag={happening.flag} />
    case 'span': {
      const { span, amiss } = happening
      if (span.lane === 'gap')
        return (
          <>
            <Strong if={amiss}>{text.day.nothingRecorded(lengthOf(span))}</Strong>{' '}
            {capital(describeGap(span))}.
          </>
        )
      return (
        <>
          <Strong if={amiss}>{whyOf(span, day, words)}.</Strong>{' '}
          {describeTotal((Date.parse(span.to) - Date.parse(span.from)) / 1000)}.
        </>
      )
    }
    default:
      throw happening satisfies never
  }
}

function Strong(props: { if: boolean; children: preact.ComponentChildren }) {
  return props.if ? <strong>{props.children}</strong> : props.children
}

function iconOf(happening: Happening): IconName {
  switch (happening.kind) {
    case 'began':
    case 'ended':
    case 'zone':
    case 'shot':
      return happening.kind
    case 'hidden':
      return 'gap'
    case 'flag':
      return 'flag'
    case 'span':
      return happening.span.lane === 'idle' ? 'away' : happening.span.lane
    default:
      throw happening satisfies never
  }
}

function toneOf(happening: Happening): 'warn' | 'stop' | 'good' | 'calm' | undefined {
  switch (happening.kind) {
    case 'began':
      return 'good'
    case 'flag':
      return happening.flag.withdrawn ? undefined : 'warn'
    case 'span':
      return happening.amiss ? 'stop' : happening.span.lane === 'paused' ? 'calm' : undefined
    case 'hidden':
      return happening.hidden === 'missing' ? 'stop' : undefined
    case 'shot':
      return happening.shot.state === 'deleted' ? undefined : 'stop'
    case 'ended':
    case 'zone':
      return undefined
    default:
      throw happening satisfies never
  }
}
