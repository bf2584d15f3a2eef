import type { BlurReason } from '../../protocol/blur-reasons.ts'
import type { OwnWindow } from '../../protocol/own-windows.ts'
import type { Area } from './ports.ts'
import type { HiddenArea } from './redacted-areas.ts'
import type { BrowserPart } from './window-rules.ts'

/** A window of a browser as X sees it, without its names. */
export type BrowserWindow = BrowserPart & {
  id: number
  /** The program that it names; undefined where it names none. */
  pid: number | undefined
  /** The window that it is a menu or a dialog of. */
  of: number | undefined
  /** The place of the window without the frame of the window manager: browsers report this. */
  bounds: Area
  /** The visible area, the frame included. */
  area: Area
  state: 'shown' | 'elsewhere' | 'minimised'
}

/** The answer of the extension in one profile of a browser about its own windows. */
export type WindowReport = {
  /** The browser that it runs in. */
  pid: number
  windows: readonly OwnWindow[]
}

/**
 * The areas of private windows and of windows that may be private. A window is ordinary only on evidence: its title says
 * so, or an extension in the same browser lists it as ordinary. The answer of one profile does not count for the windows
 * of another, which it does not see.
 */
export function privateAreas(
  windows: readonly BrowserWindow[],
  reports: readonly WindowReport[],
): HiddenArea[] {
  const browsers = Map.groupBy(windows, ({ pid }) => pid)
  return [...browsers].flatMap(([pid, own]) => {
    const told = reports.filter(report => report.pid === pid).flatMap(report => report.windows)
    return areasOf(own, told)
  })
}

function areasOf(own: readonly BrowserWindow[], told: readonly OwnWindow[]): HiddenArea[] {
  const main = own.filter(({ part }) => part === 'window')
  const scales = scalesOf(main, told)
  const verdicts = new Map<number, BlurReason | undefined>()
  for (const window of main)
    if (window.state !== 'minimised') verdicts.set(window.id, judge(window, main, told, scales))
  const anyPrivate = [...verdicts.values()].find(reason => reason !== undefined) ?? hiddenPrivate(main, told)
  return own.flatMap(window => {
    if (window.state !== 'shown') return []
    const reason = window.part === 'window' ? verdicts.get(window.id) : judgeAttached(window)
    return reason === undefined ? [] : [{ area: window.area, reason }]
  })

  /** Judged like the window that it belongs to; a video on top of everything belongs to any. */
  function judgeAttached(window: BrowserWindow): BlurReason | undefined {
    const owner = own.find(({ id }) => id === window.of)
    if (owner && verdicts.has(owner.id)) return verdicts.get(owner.id)
    return anyPrivate
  }
}

/**
 * Shown or on another desktop. A window near another may be the one that the extension means: there must be an ordinary
 * one for each of them.
 */
function judge(
  window: BrowserWindow,
  main: readonly BrowserWindow[],
  told: readonly OwnWindow[],
  scales: readonly number[],
): BlurReason | undefined {
  if (saidOf(window) === 'private') return 'private-window'
  const open = told.filter(({ state }) => state === 'open')
  const alike = main.filter(other => other.state !== 'minimised' && isSamePlace(other.bounds, window.bounds))
  const privates = open.filter(
    one => one.private && scales.some(scale => isPlaceOf(window.bounds, one, scale)),
  ).length
  if (privates > alike.filter(other => saidOf(other) === 'private').length) return 'private-window'
  if (saidOf(window) === 'ordinary') return undefined
  const ordinary = open.filter(
    one => !one.private && scales.length > 0 && scales.every(scale => isPlaceOf(window.bounds, one, scale)),
  ).length
  // Rounding may move both away from the reported place, on different sides of it.
  const nearPixels = 2 * roundingErrors * Math.max(1, ...scales)
  const near = main.filter(
    other => other.state !== 'minimised' && distance(other.bounds, window.bounds) <= nearPixels,
  )
  // More windows are reported than exist: one report is a lie, and it is unknown which.
  return ordinary === near.length ? undefined : 'browser-unmatched'
}

/** Whether a minimised window is private, or may be because no extension lists it as ordinary. */
function hiddenPrivate(main: readonly BrowserWindow[], told: readonly OwnWindow[]): BlurReason | undefined {
  const minimised = main.filter(({ state }) => state === 'minimised')
  if (minimised.some(window => saidOf(window) === 'private')) return 'private-window'
  const unsaid = minimised.filter(window => saidOf(window) === 'nothing').length
  const known = told.filter(({ state }) => state === 'minimised')
  if (known.some(one => one.private)) return 'private-window'
  return unsaid > known.length ? 'browser-unmatched' : undefined
}

function saidOf(window: BrowserWindow): 'ordinary' | 'private' | 'nothing' {
  return window.part === 'window' ? window.said : 'nothing'
}

/** Browsers count in pixels that may be larger than those of X, and round them up. */
const roundingErrors = 1.5
const [smallestScale, largestScale] = [0.5, 5]
/** People choose quarters and twentieths, dots per inch are of 96, and the rest is as it was measured. */
const steps = [4, 20, 96, 1000]

/**
 * The possible scales of the browser: with such a scale, each window that it reports as open exists. None is found while
 * a window is being moved; then its answer cannot be used.
 */
function scalesOf(main: readonly BrowserWindow[], told: readonly OwnWindow[]): number[] {
  const open = told.filter(({ state }) => state === 'open')
  // The widest is rounded least.
  const widest = open.reduce<OwnWindow | undefined>(
    (most, one) => (most && most.width >= one.width ? most : one),
    undefined,
  )
  if (widest === undefined) return []
  const candidates = main.flatMap(({ bounds }) => {
    const ratio = bounds.width / widest.width
    return steps.map(step => Math.round(ratio * step) / step)
  })
  return [...new Set(candidates)].filter(
    scale =>
      scale >= smallestScale &&
      scale <= largestScale &&
      open.every(one => main.some(({ bounds }) => isPlaceOf(bounds, one, scale))),
  )
}

function isPlaceOf(bounds: Area, { left, top, width, height }: OwnWindow, scale: number): boolean {
  const said = { x: left * scale, y: top * scale, width: width * scale, height: height * scale }
  return distance(bounds, said) <= roundingErrors * scale
}

function isSamePlace(one: Area, other: Area): boolean {
  return distance(one, other) <= roundingErrors
}

/** Of the edge or the size in which they differ most. */
function distance(one: Area, other: Area): number {
  return Math.max(
    Math.abs(one.x - other.x),
    Math.abs(one.y - other.y),
    Math.abs(one.width - other.width),
    Math.abs(one.height - other.height),
  )
}
