import { useEffect } from 'preact/hooks'
import { defaultSettings, settingNames, settingRows, settingSections } from '../../protocol/settings.ts'
import type { Status } from '../../protocol/status.ts'
import { present } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'
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
  { id: 'status', title: text.options.status },
  { id: 'recent', title: text.held.heading },
  ...settingsSections,
  { id: 'data', title: text.options.data },
  { id: 'help', title: text.options.help },
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
      <nav aria-label={text.options.sections}>
        <p class="name">
          <img src="/icons/tracking-32.png" alt="" width="24" height="24" /> {text.appName}
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
        <section id="status" aria-label={text.options.status}>
          <StatePanel shown={shown} snapshot={snapshot} nowMs={nowMs} />
          <Trouble shown={shown} tracker={tracker}>
            {shown.state === 'waiting' && (
              <p>
                <a href="#upload">{text.options.testConnection}</a>
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
          <h2 id="heading-recent">{text.held.heading}</h2>
          <p class="soft small">
            {heldWords(held.length, status?.destination.kind, settings?.hold_screenshots)}
          </p>
          <HeldScreenshots held={held} status={status} nowMs={nowMs} tracker={tracker} />
        </section>
        {settingsSections.map(({ id, title, names }) => (
          <section key={id} id={id} aria-labelledby={`heading-${id}`}>
            <h2 id={`heading-${id}`}>{title}</h2>
            {id === 'upload' && <ConnectionTest tracker={tracker} enabled={link.kind === 'connected'} />}
            {!enabled && (
              <p class="locked" data-tone="warn">
                {link.kind === 'connecting' ? text.options.notAnswered : text.options.unreachable}{' '}
                {settings ? text.options.lastKnown : text.options.defaults}{' '}
                <a href="#status">{text.options.why}</a>
              </p>
            )}
            {names.some(name => settingRows[name].changedFrom === 'computer') && (
              <p class="soft small">{text.options.outsideOnly}</p>
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

function heldWords(
  count: number,
  kind: Status['destination']['kind'] | undefined,
  holdSeconds: number | undefined,
): string {
  if (count > 0) return kind === 'folder' ? text.held.someForFolder : text.held.some
  return holdSeconds === 0
    ? text.held.notHeld(settingRows.hold_screenshots.label)
    : text.held.none(describeSeconds(holdSeconds ?? defaultSettings.hold_screenshots))
}

/** The browser looks for the fragment of the address before the page is drawn, and the status moves what is below it. */
function useFragment(drawn: boolean): void {
  useEffect(() => {
    if (drawn) document.getElementById(location.hash.slice(1))?.scrollIntoView()
  }, [drawn])
}
