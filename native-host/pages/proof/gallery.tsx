import { useEffect, useState } from 'preact/hooks'
import type { ReportDay } from '../../../protocol/report.ts'
import type { ProvenDevice } from '../../proof/check-bundle.ts'
import { momentOf } from '../../proof/proof-words.ts'
import { openPicture } from './browser-crypto.ts'
import { text } from './text.ts'

type Shot = { at: string; sealed: string; fileKey: string; key: string }

/** The shown pictures of a day, opened when the person looks at them. */
export function Gallery({ device, day }: { device: ProvenDevice; day: ReportDay }) {
  const [isOpen, setOpen] = useState(false)
  const shots = day.screenshots.flatMap(({ at, object, state }): Shot[] => {
    const found = state === 'delivered' && device.pictures.find(({ key }) => key === object)
    if (!found || !('sealed' in found.object)) return []
    return [{ at, key: found.key, sealed: found.object.sealed, fileKey: found.object.file_key }]
  })
  if (shots.length === 0) return null
  return (
    <details class="gallery" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{text.screenshots(shots.length)}</summary>
      {isOpen && (
        <ul>
          {shots.map(shot => (
            <Picture key={shot.key} shot={shot} moment={momentOf(device, shot.at)} />
          ))}
        </ul>
      )}
    </details>
  )
}

function Picture({ shot, moment }: { shot: Shot; moment: string }) {
  const [address, setAddress] = useState<string | 'unopenable'>()
  useEffect(() => {
    let made: string | undefined
    let isGone = false
    openPicture(shot.sealed, shot.fileKey).then(
      blob => {
        if (isGone) return
        made = URL.createObjectURL(blob)
        setAddress(made)
      },
      () => setAddress('unopenable'),
    )
    return () => {
      isGone = true
      if (made) URL.revokeObjectURL(made)
    }
  }, [shot.sealed, shot.fileKey])
  return (
    <li>
      <figure>
        {address === 'unopenable' ? (
          <p>{text.unopenable}</p>
        ) : (
          <img
            src={address ?? ''}
            alt={text.screenshotAt(moment)}
            onError={() => address && setAddress('unopenable')}
          />
        )}
        <figcaption>{moment}</figcaption>
      </figure>
    </li>
  )
}
