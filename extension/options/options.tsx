import { useEffect } from 'preact/hooks'
import { defaultSettings, settingNames, settingRows, settingSections } from '../../protocol/settings.ts'
import { present } from '../model/presentation.ts'
import { describeSeconds } from '../text/durations.ts'
import { words } from '../text/local-words.ts'
import { BlurNote } from '../ui/blur-note.tsx'
import { HeldScreenshots } from '../ui/held-screenshots.tsx'
import { SettingField } from '../ui/setting-field.tsx'
import { StatePanel } from '../ui/state-panel.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useNow, useSnapshot } from '../ui/use-tracker.ts'
import { ConnectionTest } from './connection-test.tsx'
import { Data } from './data.tsx'
import { Help } from './help.tsx'
import { StatusReport } from './status-report.tsx'
import { useSectionInView } from './use-section-in-view.ts'

const settingsSections = Object.entries(settingSections).map(([id, title]) => ({
  id,
  title,
  names: settingNames.filter(name => settingRows[name].section === id),
}))
const sections = [
  { id: 'status', title: 'Status' },
  { id: 'recent', title: 'Recent screenshots' },
  ...settingsSections,
  { id: 'data', title: 'Data' },
  { id: 'help', title: 'Help' },
]
const sectionIds = sections.map(({ id }) => id)

/** One long page, so that the browser's own search finds every setting; the links at the side jump in it. */
export function Options({ tracker }: { tracker: Tracker }) {
  const snapshot = useSnapshot(tracker)
  const nowMs = useNow()
  const inView = useSectionInView(sectionIds, snapshot.status !== undefined)
  const { link, status, settings } = snapshot
  const shown = present(snapshot, nowMs, words)
  useFragment(snapshot.status !== undefined)
  /** What the history knows of them cannot be looked at. */
  const held = (link.kind === 'connected' && status?.screenshots.held) || []
  const enabled = link.kind === 'connected' && settings !== undefined

  return (
    <div class="page">
      <nav aria-label="Sections">
        <p class="name">
          <img src="/icons/tracking-32.png" alt="" width="24" height="24" /> Activity Tracker
        </p>
        <ul>
          {sections.map(({ id, title }) => (
            <li key={id}>
              <a href={`#${id}`} aria-current={id === inView ? 'location' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        <section id="status" aria-label="Status">
          <StatePanel shown={shown} snapshot={snapshot} nowMs={nowMs} />
          <Trouble shown={shown} tracker={tracker}>
            {shown.state === 'waiting' && (
              <p>
                <a href="#upload">Test the connection</a>
              </p>
            )}
          </Trouble>
          {status && (
            <StatusReport
              status={status}
              shown={shown}
              nowMs={nowMs}
              tracker={tracker}
              connected={link.kind === 'connected'}
            />
          )}
        </section>
        <section id="recent" aria-labelledby="heading-recent">
          <h2 id="heading-recent">Recent screenshots</h2>
          <p class="soft small">{heldWords(held.length, settings?.hold_screenshots)}</p>
          <HeldScreenshots held={held} status={status} nowMs={nowMs} tracker={tracker} />
        </section>
        {settingsSections.map(({ id, title, names }) => (
          <section key={id} id={id} aria-labelledby={`heading-${id}`}>
            <h2 id={`heading-${id}`}>{title}</h2>
            {id === 'upload' && <ConnectionTest tracker={tracker} enabled={link.kind === 'connected'} />}
            {!enabled && (
              <p class="locked" data-tone="warn">
                {link.kind === 'connecting'
                  ? 'The tracker has not answered yet.'
                  : 'The tracker cannot be reached.'}{' '}
                {settings ? 'These are the values last known' : 'These are the defaults'}, and they cannot be
                changed now. <a href="#status">Why?</a>
              </p>
            )}
            {names.some(name => settingRows[name].changedFrom === 'computer') && (
              <p class="soft small">
                These are changed in a terminal only, so that nobody who takes over a browser can send your
                records elsewhere.
              </p>
            )}
            {names.map(name => (
              <SettingField key={name} name={name} settings={settings} tracker={tracker} enabled={enabled}>
                {name === 'blur_screenshots' && status && settings?.blur_screenshots === false && (
                  <BlurNote screenshots={status.screenshots} />
                )}
              </SettingField>
            ))}
          </section>
        ))}
        <Data status={status} />
        <Help />
      </main>
    </div>
  )
}

function heldWords(count: number, holdSeconds: number | undefined): string {
  if (count > 0)
    return 'Nobody has these yet. You can look at them, have them blurred, or delete them before they are delivered.'
  return holdSeconds === 0
    ? 'New screenshots are delivered at once: the setting “Hold new screenshots back for” is 0.'
    : `None is held back right now. A new one is, for ${describeSeconds(holdSeconds ?? defaultSettings.hold_screenshots)}, and then you can look at it here, have it blurred, or delete it.`
}

/** The browser looks for the fragment of the address before the page is drawn, and the status moves what is below it. */
function useFragment(drawn: boolean): void {
  useEffect(() => {
    if (drawn) document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }, [drawn])
}
