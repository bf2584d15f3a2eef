import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../../protocol/errors.ts'
import type { ReportDay, ReportScreenshot } from '../../protocol/report.ts'
import type { OpenedNews, Tracker } from '../ui/tracker.ts'
import { useAnswered } from '../ui/use-answered.ts'

export type Wanted = { date: string; span: 'day' | 'week' }

/** What was decrypted of a day or a week. It is in the memory of this page alone, and only for as long as it is shown. */
export type Content = {
  pictures: readonly ReportScreenshot[]
  leftOut: number
  days: readonly ReportDay[]
  progress: { done: number; total: number; unopened: number } | undefined
}

export type Opened =
  | { kind: 'closed'; why?: 'refused' | 'over' }
  /** For the person, who answers outside the browser. */
  | { kind: 'waiting'; problem: Problem }
  | { kind: 'opening' | 'open'; content: Content }
  | { kind: 'failed'; problem: Problem }

const nothingYet: Content = { pictures: [], leftOut: 0, days: [], progress: undefined }

/** Opens what is wanted, and drops it when it is closed, when the time is over and when the page leaves. */
export function useOpened(tracker: Tracker, unlocked: boolean) {
  const [wanted, setWanted] = useState<Wanted>()
  const [opened, setOpened] = useState<Opened>({ kind: 'closed' })
  const turn = useRef(0)
  const kind = opened.kind

  async function open(next: Wanted): Promise<void> {
    turn.current += 1
    const mine = turn.current
    let content = nothingYet
    setWanted(next)
    setOpened({ kind: 'opening', content })
    const problem = await tracker.openDays(next, news => {
      if (turn.current !== mine) return
      content = withNews(content, news)
      setOpened({ kind: 'opening', content })
    })
    if (turn.current !== mine) return
    if (problem === undefined) setOpened({ kind: 'open', content })
    else if (problem.code === 'CONFIRMATION_WAITS') setOpened({ kind: 'waiting', problem })
    else setOpened({ kind: 'failed', problem })
  }

  function close(why?: 'refused' | 'over'): void {
    turn.current += 1
    if (kind === 'opening') void tracker.request({ type: 'close-opened' })
    setOpened(why === undefined ? { kind: 'closed' } : { kind: 'closed', why })
  }

  useAnswered(tracker, kind === 'waiting' ? opened.problem : undefined, () => {
    if (!unlocked) close('refused')
  })
  const before = useRef(unlocked)
  useEffect(() => {
    const wasUnlocked = before.current
    before.current = unlocked
    const asked = kind === 'waiting' || (kind === 'closed' && opened.why === 'refused')
    if (unlocked && !wasUnlocked && asked && wanted) void open(wanted)
    if (!unlocked && wasUnlocked && (kind === 'open' || kind === 'opening')) close('over')
  }, [unlocked])
  useEffect(
    () => () => {
      turn.current += 1
    },
    [],
  )
  return { wanted, opened, open, close }
}

function withNews(content: Content, news: OpenedNews): Content {
  switch (news.type) {
    case 'opening':
      return { ...content, progress: news }
    case 'opened-pictures':
      return { ...content, pictures: [...content.pictures, ...news.pictures], leftOut: news.left_out }
    case 'opened-day':
      return { ...content, days: [...content.days, news.day] }
    default:
      throw news satisfies never
  }
}
