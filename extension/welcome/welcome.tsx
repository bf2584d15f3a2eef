import { useRef } from 'preact/hooks'
import { consentSections, consentText } from '../../protocol/consent.ts'
import type { SettingName } from '../../protocol/settings.ts'
import { present } from '../model/presentation.ts'
import { text } from '../text/catalogue.ts'
import { words } from '../text/local-words.ts'
import { KeyHolders } from '../ui/key-holders.tsx'
import { SettingField } from '../ui/setting-field.tsx'
import type { Tracker } from '../ui/tracker.ts'
import { useNow, useSnapshot } from '../ui/use-tracker.ts'
import { HostCheck } from './host-check.tsx'
import { Start } from './start.tsx'
import { Started } from './started.tsx'

const sections = Object.keys(consentSections) as (keyof typeof consentSections)[]
/** What most people want to decide before they agree. */
const offered: SettingName[] = ['screenshots', 'screenshot_interval', 'blur_screenshots']

/** What is recorded and who can open it, before anything is; the same page answers the question later. */
export function Welcome({ tracker }: { tracker: Tracker }) {
  const snapshot = useSnapshot(tracker)
  const nowMs = useNow()
  // The button that had the keyboard's focus is gone then; what took its place gets it.
  const pressedStart = useRef(false)
  const { status, link, settings } = snapshot
  const agreed = status !== undefined && status.state.kind !== 'consent-needed'
  const shown = present(snapshot, nowMs, words)

  return (
    <main>
      <header>
        <img src="/icons/tracking-128.png" alt="" width="64" height="64" />
        <div>
          <h1>{agreed ? text.welcome.titleAgreed : text.welcome.title}</h1>
          <p class="soft">{agreed ? text.welcome.introAgreed : text.welcome.intro}</p>
        </div>
      </header>
      <div class="consent">
        {sections.map(section => (
          <section key={section} class="card" data-section={section}>
            <h2>{consentSections[section]}</h2>
            <ul>
              {consentText[section].map(sentence => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            {section === 'where' && status && (
              <p class="small">
                {text.welcome.destination} <code>{status.destination.where}</code>
              </p>
            )}
          </section>
        ))}
      </div>
      {status && (
        <section class="card">
          <h2>{text.welcome.keyHolders}</h2>
          <KeyHolders keys={status.keys} />
        </section>
      )}
      <HostCheck link={link} answeredAt={status?.at} nowMs={nowMs} tracker={tracker} />
      <section class="card">
        <h2>{text.welcome.screenshots}</h2>
        {offered.map(name => (
          <SettingField
            key={name}
            name={name}
            settings={settings}
            tracker={tracker}
            enabled={link.kind === 'connected' && settings !== undefined}
          />
        ))}
      </section>
      {agreed ? (
        <Started
          shown={shown}
          snapshot={snapshot}
          nowMs={nowMs}
          tracker={tracker}
          onShown={section => {
            if (!pressedStart.current) return
            pressedStart.current = false
            section.focus()
          }}
        />
      ) : (
        <Start
          shown={shown}
          snapshot={snapshot}
          nowMs={nowMs}
          tracker={tracker}
          onPress={() => {
            pressedStart.current = true
          }}
        />
      )}
    </main>
  )
}
