import { foldText } from './fold-text.ts'

/** What a window says of itself. It is judged where it was read, and goes nowhere else. */
export type WindowNames = {
  /** WM_CLASS: the instance and the class. */
  classes: readonly string[]
  /** What people see of it. */
  title: string
  /** Every other reading of its names: what two of them differ in, one of them may have got wrong. */
  otherNames: readonly string[]
  role: string
}

/** What is not to be seen on a screenshot. */
export type Avoid = {
  /** As foldText has it; a window is meant whose class or title contains one. */
  applications: readonly string[]
  privateWindows: boolean
}

/** `unclear`: a window of this browser, which alone knows whether it is a private one. */
export type WindowVerdict =
  | { kind: 'plain' }
  | { kind: 'hidden'; reason: 'excluded-application' | 'private-window' }
  | { kind: 'unclear'; browser: string }

/** The setting as a person writes it: `KeePassXC, online banking`. */
export function parseApplications(text: string): string[] {
  return text
    .split(',')
    .map(foldText)
    .filter(name => name !== '')
}

export function judgeWindow(window: WindowNames, avoid: Avoid): WindowVerdict {
  const said = [...window.classes, window.title, ...window.otherNames].map(foldText)
  if (avoid.applications.some(name => said.some(text => text.includes(name))))
    return { kind: 'hidden', reason: 'excluded-application' }
  return avoid.privateWindows ? judgeBrowser(window) : { kind: 'plain' }
}

function judgeBrowser({ classes, title, role }: WindowNames): WindowVerdict {
  if (classes.some(name => /^(firefox|librewolf|tor.browser|navigator$)/i.test(name)))
    return title === '' || isOrdinaryFirefoxTitle(title)
      ? { kind: 'plain' }
      : { kind: 'hidden', reason: 'private-window' }
  // Their other windows, such as menus, have another role, and so have programs made with Electron.
  if (!/^(browser|pop-up)$/.test(role)) return { kind: 'plain' }
  const browser = chromiumBrowsers.find(({ pattern }) => classes.some(name => pattern.test(name)))
  return browser ? { kind: 'unclear', browser: browser.name } : { kind: 'plain' }
}

/**
 * Firefox says "… Private Browsing" behind its name, in the language of the person. So it is asked the other way
 * round: what does not end with the name alone, as the titles of ordinary windows do, is taken for private.
 */
function isOrdinaryFirefoxTitle(title: string): boolean {
  return /(^|[—–-] )(Mozilla Firefox|Firefox ESR|Firefox Developer Edition|Firefox Nightly|Firefox|LibreWolf)$/.test(
    title,
  )
}

/**
 * On X nothing tells an incognito window of Chromium 156 from another: title, class, role and every other property are
 * alike. The extension in it knows, if it is allowed in private windows. `name` is what the extension calls its browser.
 */
const chromiumBrowsers: readonly { name: string; pattern: RegExp }[] = [
  { name: 'Chromium', pattern: /^chromium/i },
  { name: 'Google Chrome', pattern: /^google-chrome/i },
  { name: 'Microsoft Edge', pattern: /^microsoft-edge/i },
  { name: 'Brave', pattern: /^brave/i },
  { name: 'Vivaldi', pattern: /^vivaldi/i },
  { name: 'Opera', pattern: /^opera/i },
]
