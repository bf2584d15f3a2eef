import { startTool } from '../../platform/process/start-program.ts'

/** What opens a file with the program that the person has chosen for its kind. */
const openers: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'xdg-open',
  darwin: 'open',
  win32: 'explorer.exe',
}

/**
 * Opens a page in the person's browser.
 * @param path absolute
 * @returns whether a program took it
 */
export async function openPage(
  path: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  const opener = openers[platform]
  if (opener === undefined) return false
  try {
    await startTool('desktop-tool', opener, [path], { env })
    return true
  } catch {
    return false
  }
}
