/**
 * Recognises a program by the files beside it. A browser that was built from Firefox or Chromium keeps its files under
 * any name, and a program that merely embeds Chromium has files of its own.
 */
export type Program =
  /** `alwaysPrivate`: every window is private, and no title says so. */
  | { kind: 'firefox'; brand: string | undefined; alwaysPrivate?: boolean }
  | { kind: 'chromium' }
  | { kind: 'none' }
  /** The program cannot be inspected, such as that of another user. */
  | { kind: 'unknown' }

const firefoxApplication = 'browser/omni.ja'
const chromiumParts = ['resources.pak', 'chrome_100_percent.pak', 'chrome_crashpad_handler', 'chrome-sandbox']
/** Electron, the Chromium Embedded Framework and NW.js. */
const embedders = [
  'resources/app.asar',
  'resources/app',
  'resources/default_app.asar',
  'resources/electron.asar',
  'LICENSES.chromium.html',
  'libcef.so',
  'libnw.so',
  'lib/libnw.so',
]

/** The files to look for in the folder of a program. */
export const telltaleFiles: readonly string[] = [firefoxApplication, ...chromiumParts, ...embedders]
/** The file beside them that holds the name of a Firefox. */
export const firefoxIni = 'application.ini'

/** @param found those of the telltale files that are there @param ini the text of application.ini */
export function recogniseProgram(found: readonly string[], ini = ''): Program {
  const has = (name: string) => found.includes(name)
  if (has(firefoxApplication)) return { kind: 'firefox', brand: /^Name=(.{1,60})$/m.exec(ini)?.[1]?.trim() }
  if (embedders.some(has)) return { kind: 'none' }
  return chromiumParts.some(has) ? { kind: 'chromium' } : { kind: 'none' }
}
