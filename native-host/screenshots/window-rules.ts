import { foldText } from '../../protocol/fold-text.ts'
import { namesInList, unquoted } from '../../protocol/name-list.ts'
import type { Program } from './browser-programs.ts'

/** The properties of a window. They are judged where they are read, and go nowhere else. */
export type WindowNames = {
  /** WM_CLASS: the instance and the class. */
  classes: readonly string[]
  /** The visible title. */
  title: string
  /** Every other decoding of its names: where two differ, either may be wrong. */
  otherNames: readonly string[]
  role: string
}

/** What must not be visible on a screenshot. */
export type Avoid = {
  /** As foldText has it; a window is meant whose class or title contains one. */
  applications: readonly string[]
  privateWindows: boolean
}

/**
 * A window of a browser. `attached`: it shows no pages of its own, such as a menu or a dialog, or pages of another window,
 * such as a video on top of everything. `said`: what its title says of being private.
 */
export type BrowserPart = { part: 'window'; said: 'ordinary' | 'private' | 'nothing' } | { part: 'attached' }

/** The setting as a person writes it: `KeePassXC, online banking`. */
export function parseApplications(text: string): string[] {
  return namesInList(text)
    .map(name => foldText(unquoted(name)))
    .filter(name => name !== '')
}

export function isExcluded(window: WindowNames, applications: readonly string[]): boolean {
  if (applications.length === 0) return false
  const said = [...window.classes, window.title, ...window.otherNames].map(foldText)
  return applications.some(name => said.some(text => text.includes(name)))
}

/** undefined: no window of a browser. */
export function judgeBrowser(window: WindowNames, program: Program): BrowserPart | undefined {
  const kind = kindOf(window, program)
  if (kind === undefined) return undefined
  if (!isBrowserWindow(window)) return { part: 'attached' }
  if (kind === 'chromium') return { part: 'window', said: 'nothing' }
  return { part: 'window', said: titleSays(window, program) }
}

/** The role tells windows with pages from menus and dialogs; old forks of Firefox say it by the instance alone. */
function isBrowserWindow({ classes, role }: WindowNames): boolean {
  return /^(browser|pop-up)$/.test(role) || classes[0]?.toLowerCase() === 'navigator'
}

function kindOf(window: WindowNames, program: Program): 'firefox' | 'chromium' | undefined {
  if (program.kind === 'firefox') return 'firefox'
  if (window.classes.some(name => firefoxes.test(name))) return 'firefox'
  if (program.kind === 'chromium') return 'chromium'
  const isWindow = isBrowserWindow(window)
  if (program.kind === 'none') {
    // Their class is theirs, unless it is an Electron program of that name: those have roles of their own.
    return isWindow && window.classes.some(name => chromiums.test(name)) ? 'chromium' : undefined
  }
  return isWindow || window.classes.some(name => chromiums.test(name)) ? 'chromium' : undefined
}

const firefoxes =
  /^(firefox|librewolf|waterfox|floorp|zen\b|iceweasel|icecat|palemoon|pale moon|basilisk|seamonkey|tor.browser|mullvad.?browser|navigator$)/i
const chromiums =
  /^(chromium|google-chrome|microsoft-edge|brave|vivaldi|opera|yandex.browser|thorium|ungoogled)/i

/**
 * Firefox says "… Private Browsing" behind its name, in the language of the person. So the check is
 * inverted: only a title that ends with the name alone, as the titles of ordinary windows do, is ordinary. Another name belongs
 * to another program, about which the title says nothing; but the names of always private programs are known.
 */
function titleSays({ title, classes }: WindowNames, program: Program): 'ordinary' | 'private' | 'nothing' {
  if (program.kind === 'firefox' && program.alwaysPrivate) return 'private'
  if ([title, ...classes].some(text => alwaysPrivate.test(text))) return 'private'
  // Toolkits cut long titles off, and then the page controls the end.
  if (Buffer.byteLength(title) >= longestTitle) return 'nothing'
  const brand = program.kind === 'firefox' ? program.brand : undefined
  const last = foldText(title.split(/(?:^|\s)[—–-]\s/).at(-1) ?? '')
  const names = [...firefoxNames, ...(brand === undefined ? [] : [brand, `${brand} browser`])].map(foldText)
  if (names.includes(last)) return 'ordinary'
  return names.some(name => last.includes(name)) ? 'private' : 'nothing'
}

/** GTK takes 4095 bytes of Firefox. */
const longestTitle = 4000
const alwaysPrivate = /tor.browser|mullvad.?browser/i
const firefoxNames = [
  'Mozilla Firefox',
  'Firefox ESR',
  'Firefox Developer Edition',
  'Firefox Nightly',
  'Firefox',
  'LibreWolf',
  'Waterfox',
  'Floorp',
  'Zen Browser',
  'GNU IceCat',
  'Pale Moon',
  'Basilisk',
  'SeaMonkey',
]
