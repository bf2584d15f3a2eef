import { AppError } from '../../../protocol/errors.ts'
import { settledBefore } from '../../core/lifetime.ts'
import { type Avoid, judgeWindow, type WindowNames } from '../../core/window-rules.ts'
import type { Area, WindowAreas } from '../../ports.ts'
import { openXSession, type XSession } from '../base/x-session.ts'
import { decodeXText, readingsOfXText, type XTextType } from './x-text.ts'

/** With a hundred windows it takes some 20 ms; a display that is stuck is no reason to wait for ever. */
const answerWithinMs = 3000
/** What a window shows of another program, such as a frame and in it the window proper, is not deeper than this. */
const depth = 3
/** Predefined atoms of the X11 protocol, appendix B. */
const atoms = { string: 31, wmName: 39, wmClass: 67 }
const viewable = 2
const inputOutput = 1
/** In units of four bytes. What is behind the name of the page in a title counts most, and pages have long names. */
const mostOfAProperty = 16 * 1024

/**
 * What is on the desktop of an X server, without the help of a window manager: every child of the root window that is
 * mapped, menus and the like included, judged by what it and the windows in it say of themselves. A window behind others
 * counts as shown. What vanishes while it is looked at is not there any more.
 * @throws AppError WINDOWS_UNKNOWN
 */
export async function lookOnX(display: string, avoid: Avoid, signal: AbortSignal): Promise<WindowAreas> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)])
  try {
    using session = await openXSession(display, soon)
    const areas = await settledBefore(lookBelow(session, avoid), soon, session.gone)
    // Of a display that has gone meanwhile, every window seems to have vanished.
    session.gone.throwIfAborted()
    return areas
  } catch (cause) {
    signal.throwIfAborted()
    throw new AppError('WINDOWS_UNKNOWN', { detail: `DISPLAY ${display} does not answer`, cause })
  }
}

async function lookBelow({ client, root, ask }: XSession, avoid: Avoid): Promise<WindowAreas> {
  const [netWmName, netWmState, hiddenState, windowRole, utf8String, compoundText] = await Promise.all(
    [
      '_NET_WM_NAME',
      '_NET_WM_STATE',
      '_NET_WM_STATE_HIDDEN',
      'WM_WINDOW_ROLE',
      'UTF8_STRING',
      'COMPOUND_TEXT',
    ].map(name => ask<number>(done => client.InternAtom(false, name, done))),
  )
  const { children } = await ask<{ children: number[] }>(done => client.QueryTree(root, done))
  const found = await Promise.all(children.map(window => judge(window).catch(ignoreVanished)))
  const shown = found.filter(window => window !== undefined)
  return {
    hidden: shown.flatMap(({ area, verdicts }) =>
      verdicts.flatMap(verdict => (verdict.kind === 'hidden' ? [{ reason: verdict.reason, area }] : [])),
    ),
    unclear: shown.flatMap(({ area, verdicts }) =>
      verdicts.flatMap(verdict => (verdict.kind === 'unclear' ? [{ browser: verdict.browser, area }] : [])),
    ),
  }

  async function judge(window: number) {
    const { klass, mapState } = await ask<{ klass: number; mapState: number }>(done =>
      client.GetWindowAttributes(window, done),
    )
    if (klass !== inputOutput || mapState !== viewable) return undefined
    const area = await areaOf(window)
    const inside = await namesWithin(window, depth)
    return { area, verdicts: inside.map(names => judgeWindow(names, avoid)) }
  }

  async function areaOf(window: number): Promise<Area> {
    const { xPos, yPos, width, height, borderWidth } = await ask<{
      xPos: number
      yPos: number
      width: number
      height: number
      borderWidth: number
    }>(done => client.GetGeometry(window, done))
    return { x: xPos, y: yPos, width: width + 2 * borderWidth, height: height + 2 * borderWidth }
  }

  async function namesWithin(window: number, levels: number): Promise<WindowNames[]> {
    const names = await namesOf(window)
    // Some managers keep what is minimised mapped, so that they can draw it small.
    if (names === 'minimised') return []
    if (levels === 0) return [names]
    const { children: inner } = await ask<{ children: number[] }>(done => client.QueryTree(window, done))
    const below = await Promise.all(inner.map(child => namesWithin(child, levels - 1).catch(() => [])))
    return [names, ...below.flat()]
  }

  async function namesOf(window: number): Promise<WindowNames | 'minimised'> {
    const [classes, name, fullName, role, state] = await Promise.all([
      property(window, atoms.wmClass),
      property(window, atoms.wmName),
      property(window, netWmName),
      property(window, windowRole),
      property(window, netWmState),
    ])
    if (words(state).includes(hiddenState ?? 0)) return 'minimised'
    const readings = [fullName, name].flatMap(said => readingsOfXText(said.data, textType(said)))
    const [title = ''] = readings
    return {
      classes: readingsOfXText(classes.data, textType(classes)).flatMap(text =>
        text.split('\0').filter(part => part !== ''),
      ),
      title,
      otherNames: [...new Set(readings.slice(1))],
      role: decodeXText(role.data, textType(role)),
    }
  }

  function textType({ type }: Property): XTextType {
    if (type === utf8String) return 'UTF8_STRING'
    if (type === compoundText) return 'COMPOUND_TEXT'
    return type === atoms.string ? 'STRING' : 'other'
  }

  function property(window: number, atom = 0): Promise<Property> {
    return ask(done => client.GetProperty(0, window, atom, 0, 0, mostOfAProperty, done))
  }
}

type Property = { type: number; data: Buffer }

function words({ data }: Property): number[] {
  const count = Math.floor(data.length / 4)
  return Array.from({ length: count }, (_, index) => data.readUInt32LE(4 * index))
}

/** X answers with an error for a window that has gone. */
function ignoreVanished(): undefined {
  return undefined
}
