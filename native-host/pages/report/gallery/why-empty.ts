import { whyOf } from '../../../../extension/text/lane-words.ts'
import { words } from '../../../../extension/text/local-words.ts'
import { describeGap } from '../../../../protocol/gap-words.ts'
import type { ReportDay } from '../../../../protocol/report.ts'
import type { Emptiness } from '../model/gallery.ts'
import { text } from '../text.ts'

export function whyEmpty(empty: Emptiness, day: ReportDay): string {
  switch (empty.kind) {
    case 'withheld':
      return text.gallery.withheld
    case 'missing':
      return text.gallery.missing
    case 'no-record':
      return text.gallery.noRecord
    case 'none-due':
      return text.gallery.noneDue
    case 'span':
      return empty.span.lane === 'gap'
        ? text.gallery.gap(describeGap(empty.span))
        : whyOf(empty.span, day, words)
    default:
      throw empty satisfies never
  }
}
