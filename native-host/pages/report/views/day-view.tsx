import { useState } from 'preact/hooks'
import { describeTotals } from '../../../../extension/text/picture-words.ts'
import { DayPicture } from '../../../../extension/ui/day-picture/day-picture.tsx'
import type { ReportDay, ReportScreenshot } from '../../../../protocol/report.ts'
import { Figures } from '../figures.tsx'
import { Gallery } from '../gallery/gallery.tsx'
import { LargeView } from '../gallery/large-view.tsx'
import { Happenings } from '../happenings.tsx'
import { InputCard } from '../input-card.tsx'
import { text } from '../text.ts'

export function DayView({ day }: { day: ReportDay }) {
  const [enlarged, setEnlarged] = useState<ReportScreenshot>()
  const enlarge = (shots: readonly ReportScreenshot[]) => setEnlarged(shots[0])
  return (
    <>
      <Figures days={[day]} />
      <section class="card">
        <h2>{text.day.heading}</h2>
        <DayPicture day={day} summary={describeTotals(day.totals)} onScreenshot={enlarge} />
      </section>
      <div class="two">
        <Happenings day={day} />
        <InputCard totals={day.totals} />
      </div>
      <Gallery day={day} onEnlarge={setEnlarged} />
      {enlarged && (
        <LargeView day={day} shot={enlarged} onMove={setEnlarged} onClose={() => setEnlarged(undefined)} />
      )}
    </>
  )
}
