import { AppError } from '../../../protocol/errors.ts'
import { budgets } from '../../kernel/budgets.ts'
import { settledBefore } from '../../kernel/lifetime.ts'
import { openXSession, type XSession } from '../../platform/x11/session.ts'
import type { Area, WindowAreas } from '../../screenshots/ports.ts'
import type { BrowserWindow } from '../../screenshots/private-windows.ts'
import type { HiddenArea } from '../../screenshots/redacted-areas.ts'
import { type Avoid, isExcluded, judgeBrowser } from '../../screenshots/window-rules.ts'
import { programOf } from './window-program.ts'
import { openWindowProperties, type WindowProperties } from './window-properties.ts'

/** With a hundred windows it takes some 20 ms; a display that is stuck is no reason to wait for ever. */
const answerWithinMs = 3000
/** What a window shows of another program, such as a frame and in it the window proper, is not deeper than this. */
const depth = 3
const viewable = 2
const inputOutput = 1

/**
 * What is on the desktop of an X server: every child of the root window that is mapped, menus and the like included,
 * judged by what it and the windows in it say of themselves. A window behind others counts as shown. What vanishes while
 * it is looked at is not there any more.
 * @throws AppError WINDOWS_UNKNOWN
 */
export async function lookOnX(
  display: string,
  avoid: Avoid,
  signal: AbortSignal,
  withinMs: number = answerWithinMs,
): Promise<WindowAreas> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
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

async function lookBelow(session: XSession, avoid: Avoid): Promise<WindowAreas> {
  const { client, root, ask } = session
  const properties = await openWindowProperties(session)
  const hidden: HiddenArea[] = []
  const browsers: BrowserWindow[] = []
  const seen = new Set<number>()
  const unmapped: number[] = []
  let listed = 0
  const excess = Promise.withResolvers<never>()
  // It may be the first list already that is too long.
  excess.promise.catch(ignoreVanished)

  const looked = (await childrenOf(root)).map(window => judgeTop(window).catch(ignoreVanished))
  await Promise.race([Promise.all(looked), excess.promise])
  // Those that are not shown count too: one of them may be the window that an extension means.
  if (browsers.some(({ part }) => part === 'window')) {
    const managed = await properties.managed()
    const others = managed.length > 0 ? managed : unmapped
    const more = others
      .filter(window => !seen.has(window))
      .map(window => judgeWithin(window, depth, undefined).catch(ignoreVanished))
    await Promise.race([Promise.all(more), excess.promise])
  }
  return { hidden, browsers }

  async function judgeTop(window: number): Promise<void> {
    const { klass, mapState, overrideRedirect } = await ask<{
      klass: number
      mapState: number
      overrideRedirect: number
    }>(done => client.GetWindowAttributes(window, done))
    if (klass !== inputOutput) return
    if (mapState !== viewable) {
      if (!overrideRedirect) unmapped.push(window)
      return
    }
    await judgeWithin(window, depth, await outerArea(window))
  }

  /** @param area what is seen of it; undefined when nothing is */
  async function judgeWithin(window: number, levels: number, area: Area | undefined): Promise<void> {
    seen.add(window)
    const of = await properties.read(window)
    await judge(window, of, area)
    // Some managers keep what is minimised mapped, so that they can draw it small.
    if (of.minimised || levels === 0) return
    const inside = await childrenOf(window)
    await Promise.all(inside.map(child => judgeWithin(child, levels - 1, area).catch(ignoreVanished)))
  }

  async function judge(window: number, of: WindowProperties, area: Area | undefined): Promise<void> {
    if (area && !of.minimised && isExcluded(of.names, avoid.applications))
      hidden.push({ area, reason: 'excluded-application' })
    if (!avoid.privateWindows || !of.hasClass) return
    const pid = await properties.pid(window)
    const browser = judgeBrowser(of.names, await programOf(pid))
    if (browser === undefined) return
    const [owner, bounds] = await Promise.all([properties.transientFor(window), innerBounds(window)])
    const state = of.minimised ? 'minimised' : area ? 'shown' : 'elsewhere'
    browsers.push({ ...browser, id: window, pid, of: owner, bounds, area: area ?? bounds, state })
  }

  async function childrenOf(window: number): Promise<number[]> {
    const { children } = await ask<{ children: number[] }>(done => client.QueryTree(window, done))
    listed += children.length
    if (listed <= budgets.xWindows.most) return children
    const cause = new RangeError(`the display has more than ${budgets.xWindows.most} windows`)
    excess.reject(cause)
    throw cause
  }

  async function outerArea(window: number): Promise<Area> {
    const { xPos, yPos, width, height, borderWidth } = await geometryOf(window)
    return { x: xPos, y: yPos, width: width + 2 * borderWidth, height: height + 2 * borderWidth }
  }

  async function innerBounds(window: number): Promise<Area> {
    const [{ width, height }, { destX: x, destY: y }] = await Promise.all([
      geometryOf(window),
      ask<{ destX: number; destY: number }>(done => client.TranslateCoordinates(window, root, 0, 0, done)),
    ])
    return { x, y, width, height }
  }

  function geometryOf(window: number) {
    return ask<{ xPos: number; yPos: number; width: number; height: number; borderWidth: number }>(done =>
      client.GetGeometry(window, done),
    )
  }
}

/** X answers with an error for a window that has gone. */
function ignoreVanished(): undefined {
  return undefined
}
