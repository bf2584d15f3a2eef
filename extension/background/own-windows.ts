import { mostOwnWindows, type OwnWindow } from '../../protocol/own-windows.ts'

/** What is read of a window of this browser: never its tabs. */
type SeenWindow = {
  left?: number | undefined
  top?: number | undefined
  width?: number | undefined
  height?: number | undefined
  state?: string | undefined
  incognito: boolean
}

/** A window whose place the browser does not say is left out, and so counts as private; and so do those beyond the limit. */
export async function findOwnWindows(seen: () => Promise<readonly SeenWindow[]>): Promise<OwnWindow[]> {
  const windows = (await seen()).flatMap(({ left, top, width, height, state, incognito }): OwnWindow[] =>
    left === undefined || top === undefined || !width || !height
      ? []
      : [
          {
            left: Math.round(left),
            top: Math.round(top),
            width: Math.round(width),
            height: Math.round(height),
            state: state === 'minimized' ? 'minimised' : 'open',
            private: incognito,
          },
        ],
  )
  return windows.slice(0, mostOwnWindows)
}
