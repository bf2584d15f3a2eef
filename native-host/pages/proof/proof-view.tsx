import { useEffect, useMemo, useState } from 'preact/hooks'
import { words } from '../../../extension/text/local-words.ts'
import { describeTotals } from '../../../extension/text/picture-words.ts'
import { DayPicture } from '../../../extension/ui/day-picture/day-picture.tsx'
import type { ProofBundle } from '../../../protocol/proof.ts'
import { type CheckedProof, checkBundle, type ProvenDevice } from '../../proof/check-bundle.ts'
import { readFingerprint } from '../../proof/fingerprint.ts'
import { gatherFacts, type ProofFacts } from '../../proof/gather-facts.ts'
import {
  describeDevice,
  describeFindings,
  describeNotes,
  describeVerdict,
  proofWords,
} from '../../proof/proof-words.ts'
import { readHeadLines } from '../../proof/received-lines.ts'
import { browserCrypto } from './browser-crypto.ts'
import { Gallery } from './gallery.tsx'
import { text } from './text.ts'

type Props = { bundle: ProofBundle; fingerprint: string }

export function ProofView({ bundle, fingerprint }: Props) {
  const [facts, done] = useFacts(bundle)
  const [lines, setLines] = useState('')
  const [typed, setTyped] = useState('')
  const read = useMemo(() => readHeadLines(lines), [lines])
  const received = useReceived(bundle, read.heads)
  const proof = useMemo(
    () =>
      facts &&
      checkBundle(bundle, {
        facts: { ...facts, isSigned: head => facts.isSigned(head) || received.facts.isSigned(head) },
        sha256: browserCrypto.sha256,
        received: received.heads,
      }),
    [bundle, facts, received],
  )
  return (
    <main aria-busy={!proof}>
      <header>
        <h1>{text.title}</h1>
        <p class="span">{text.heading(bundle.from, bundle.until)}</p>
        <p class="soft">
          {bundle.only.length > 0 && `${text.hours(bundle.only)} `}
          {text.madeAt(bundle.made_at.slice(0, 10))}
        </p>
      </header>
      {proof ? (
        <Checked bundle={bundle} proof={proof} typed={typed} fingerprint={fingerprint}>
          <Fingerprint typed={typed} onType={setTyped} fingerprint={fingerprint} />
          <Heads lines={lines} onType={setLines} bad={read.bad} />
        </Checked>
      ) : (
        <Progress done={done} all={countOf(bundle)} />
      )}
    </main>
  )
}

function countOf({ devices }: ProofBundle): number {
  return devices.reduce((sum, { objects }) => sum + objects.length, 0)
}

function useFacts(bundle: ProofBundle): [ProofFacts | undefined, number] {
  const [facts, setFacts] = useState<ProofFacts>()
  const [done, setDone] = useState(0)
  useEffect(() => {
    let count = 0
    let shownAt = performance.now()
    const step = () => {
      count += 1
      if (performance.now() - shownAt < 100) return
      shownAt = performance.now()
      setDone(count)
    }
    void gatherFacts(bundle, [], browserCrypto, step).then(setFacts)
  }, [bundle])
  return [facts, done]
}

/** Only the signatures of these: those of the bundle stay as they are. */
function useReceived(bundle: ProofBundle, heads: ReturnType<typeof readHeadLines>['heads']) {
  const [state, setState] = useState<{ heads: typeof heads; facts: Pick<ProofFacts, 'isSigned'> }>({
    heads: [],
    facts: { isSigned: () => false },
  })
  useEffect(() => {
    let isCurrent = true
    void gatherFacts({ ...bundle, devices: [] }, heads, browserCrypto).then(facts => {
      if (isCurrent) setState({ heads, facts })
    })
    return () => {
      isCurrent = false
    }
  }, [bundle, heads])
  return state
}

function Progress({ done, all }: { done: number; all: number }) {
  return (
    <p class="verdict" data-tone="calm" role="status">
      {text.checking(done, all)} <progress value={done} max={all} aria-label={text.checking(done, all)} />
    </p>
  )
}

type Fingerprinted = 'missing' | 'invalid' | 'matches' | 'differs'

function compare(typed: string, fingerprint: string): Fingerprinted {
  if (typed.trim() === '') return 'missing'
  const given = readFingerprint(typed)
  if (given === undefined) return 'invalid'
  return given === fingerprint ? 'matches' : 'differs'
}

const tones = { missing: 'calm', invalid: 'warn', matches: 'good', differs: 'stop' } as const

function Fingerprint(props: { typed: string; onType(typed: string): void; fingerprint: string }) {
  const state = compare(props.typed, props.fingerprint)
  return (
    <div class="box" data-tone={tones[state]}>
      <label for="fingerprint">{text.fingerprint.label}</label>
      <p class="soft" id="fingerprint-help">
        {text.fingerprint.help}
      </p>
      <input
        id="fingerprint"
        aria-describedby="fingerprint-help fingerprint-result"
        autocomplete="off"
        spellcheck={false}
        placeholder="0000-0000-0000-0000"
        value={props.typed}
        onInput={event => props.onType(event.currentTarget.value)}
      />
      <p class="result" id="fingerprint-result" role="status">
        {proofWords.fingerprint[state]}
      </p>
    </div>
  )
}

function Heads({ lines, onType, bad }: { lines: string; onType(lines: string): void; bad: number }) {
  const isEmpty = lines.trim() === ''
  return (
    <div class="box" data-tone={bad > 0 ? 'warn' : 'calm'}>
      <label for="heads">{text.heads.label}</label>
      <p class="soft" id="heads-help">
        {text.heads.help}
      </p>
      <textarea
        id="heads"
        rows={3}
        aria-describedby="heads-help heads-result"
        spellcheck={false}
        value={lines}
        onInput={event => onType(event.currentTarget.value)}
      />
      <p class="result" id="heads-result" role="status">
        {isEmpty ? proofWords.heads.missing : bad > 0 ? proofWords.heads.unreadable(bad) : ''}
      </p>
    </div>
  )
}

function Checked(props: {
  bundle: ProofBundle
  proof: CheckedProof
  typed: string
  fingerprint: string
  children: preact.ComponentChildren
}) {
  const { bundle, proof } = props
  const differs = compare(props.typed, props.fingerprint) === 'differs'
  const verdict = differs
    ? ({ text: proofWords.fingerprint.differs, tone: 'stop' } as const)
    : describeVerdict(proof)
  const [findings, notes] = [describeFindings(proof), describeNotes(proof)]
  return (
    <>
      <p class="verdict" data-tone={verdict.tone} data-testid="verdict" role="status">
        {verdict.text}
      </p>
      <p class="soft">{text.checkedHere}</p>
      <List title={text.findings} sentences={findings} tone="stop" />
      <div class="boxes">{props.children}</div>
      {proof.devices.map((device, index) => (
        <Device key={`${device.device} ${index}`} bundle={bundle} device={device} />
      ))}
      <List title={text.notes} sentences={notes} tone="calm" />
      <List title={text.proves} sentences={proofWords.proves} />
      <List title={text.cannot} sentences={proofWords.cannot} />
    </>
  )
}

/** A forged proof may have thousands. */
const most = 50

function List(props: { title: string; sentences: readonly string[]; tone?: 'stop' | 'calm' }) {
  if (props.sentences.length === 0) return null
  return (
    <section class="card" data-tone={props.tone}>
      <h2>{props.title}</h2>
      <ul>
        {props.sentences.slice(0, most).map(sentence => (
          <li key={sentence}>{sentence}</li>
        ))}
        {props.sentences.length > most && <li>… {props.sentences.length - most}</li>}
      </ul>
    </section>
  )
}

function Device({ bundle, device }: { bundle: ProofBundle; device: ProvenDevice }) {
  return (
    <section class="card" aria-label={device.device}>
      <h2>{device.device}</h2>
      <dl class="sentences">
        {describeDevice(device, bundle).map(({ kind, text: sentence, tone }) => (
          <div key={kind} data-kind={kind} data-tone={tone}>
            <dt>{proofWords.titles[kind]}</dt>
            <dd>{sentence}</dd>
          </div>
        ))}
      </dl>
      {device.days.map(day => (
        <section key={day.date} class="day" aria-label={words.day(day.date)}>
          <h3>{words.day(day.date)}</h3>
          <DayPicture day={day} summary={describeTotals(day.totals)} />
          <Gallery device={device} day={day} />
        </section>
      ))}
    </section>
  )
}
