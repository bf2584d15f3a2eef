import { useContext } from 'preact/hooks'
import { secondsPerSlot } from '../../../../extension/model/day-picture.ts'
import { clockTime } from '../../../../extension/text/lane-words.ts'
import { words } from '../../../../extension/text/local-words.ts'
import { describeShot } from '../../../../extension/text/picture-words.ts'
import type { ReportDay, ReportScreenshot } from '../../../../protocol/report.ts'
import { type GalleryCell, galleryOf } from '../model/gallery.ts'
import { PicturesContext } from '../pictures.ts'
import { text } from '../text.ts'
import { Thumbnail } from './thumbnail.tsx'
import { whyEmpty } from './why-empty.ts'

type Props = { day: ReportDay; onEnlarge: (shot: ReportScreenshot) => void }

/** The screenshots of a day by the hour. */
export function Gallery({ day, onEnlarge }: Props) {
  const { kind } = useContext(PicturesContext)
  const hours = galleryOf(day)
  const count = day.screenshots.filter(({ state }) => state === 'delivered').length
  return (
    <section class="card gallery" data-testid="gallery">
      <div class="row head">
        <h2>{text.gallery.heading}</h2>
        <span class="soft small">{text.gallery.count({ count, shown: words.number(count) })}</span>
      </div>
      {hours.length === 0 && <p class="soft">{text.gallery.none}</p>}
      {hours.length > 0 && kind === 'none' && <p class="soft small">{text.gallery.noPictures}</p>}
      {hours.map(({ startMs, minute, cells }) => (
        <section key={startMs} class="hour" aria-label={words.hour(minute / 60)}>
          <h3>{words.hour(minute / 60)}</h3>
          <ol>
            {cells.map((cell, place) => (
              <li key={place}>
                <Cell cell={cell} day={day} onEnlarge={onEnlarge} />
              </li>
            ))}
          </ol>
        </section>
      ))}
      {hours.length > 0 && <p class="soft small screen-only">{text.gallery.bar}</p>}
    </section>
  )
}

function Cell({ cell, day, onEnlarge }: Props & { cell: GalleryCell }) {
  const time = clockTime(new Date(cell.atMs).toISOString(), day, words)
  return (
    <>
      {'shot' in cell && cell.shot.state === 'delivered' ? (
        <Thumbnail
          shot={cell.shot}
          label={text.gallery.open(time, describeShot(cell.shot))}
          onOpen={() => onEnlarge(cell.shot)}
        />
      ) : (
        <p class="empty small" data-amiss={isAmiss(cell)}>
          {'shot' in cell ? describeShot(cell.shot) : whyEmpty(cell.empty, day)}
        </p>
      )}
      <span class="under small">
        {time}
        <i class="activity" aria-hidden="true">
          <i style={{ width: share(cell.active) }} data-flagged={cell.flagged > 0} />
        </i>
      </span>
    </>
  )
}

function isAmiss(cell: GalleryCell): boolean {
  return 'shot' in cell ? ['missing', 'failed'].includes(cell.shot.state) : cell.empty.kind === 'missing'
}

function share(seconds: number): string {
  return `${Math.min(100, (seconds / secondsPerSlot) * 100)}%`
}
