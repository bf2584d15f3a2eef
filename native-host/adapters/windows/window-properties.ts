import { budgets } from '../../kernel/budgets.ts'
import type { XSession } from '../../platform/x11/session.ts'
import type { WindowNames } from '../../screenshots/window-rules.ts'
import { decodeXText, readingsOfXText, type XTextType } from './x-text.ts'

/** Predefined atoms of the X11 protocol, appendix B. */
const atoms = { string: 31, wmName: 39, wmClass: 67, wmTransientFor: 68 }
/** In units of four bytes. What is behind the name of the page in a title counts most, and pages have long names. */
const mostOfAProperty = budgets.xProperty.most / 4

export type WindowProperties = {
  names: WindowNames
  minimised: boolean
  /** Frames and helpers of toolkits have none. */
  hasClass: boolean
}

type Property = { type: number; data: Buffer }

/** What windows say of themselves and window managers of them, decoded (ICCCM and EWMH). */
export async function openWindowProperties({ client, root, ask }: XSession) {
  const [netWmName, netWmState, hidden, windowRole, utf8String, compoundText, netWmPid, clientList] =
    await Promise.all(
      [
        '_NET_WM_NAME',
        '_NET_WM_STATE',
        '_NET_WM_STATE_HIDDEN',
        'WM_WINDOW_ROLE',
        'UTF8_STRING',
        'COMPOUND_TEXT',
        '_NET_WM_PID',
        '_NET_CLIENT_LIST',
      ].map(name => ask<number>(done => client.InternAtom(false, name, done))),
    )

  return {
    async read(window: number): Promise<WindowProperties> {
      const [classes, name, fullName, role, state] = await Promise.all([
        property(window, atoms.wmClass),
        property(window, atoms.wmName),
        property(window, netWmName),
        property(window, windowRole),
        property(window, netWmState),
      ])
      const readings = [fullName, name].flatMap(said => readingsOfXText(said.data, textType(said)))
      const [title = ''] = readings
      return {
        names: {
          classes: readingsOfXText(classes.data, textType(classes)).flatMap(text =>
            text.split('\0').filter(part => part !== ''),
          ),
          title,
          otherNames: [...new Set(readings.slice(1))],
          role: decodeXText(role.data, textType(role)),
        },
        minimised: words(state).includes(hidden ?? 0),
        hasClass: classes.data.length > 0,
      }
    },

    async pid(window: number): Promise<number | undefined> {
      const [pid] = words(await property(window, netWmPid))
      return pid === 0 ? undefined : pid
    },

    async transientFor(window: number): Promise<number | undefined> {
      return words(await property(window, atoms.wmTransientFor))[0]
    },

    /** Every window that the window manager knows, on every workspace; none without such a manager. */
    async managed(): Promise<number[]> {
      return words(await property(root, clientList)).slice(0, budgets.xWindows.most)
    },
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

function words({ data }: Property): number[] {
  const count = Math.floor(data.length / 4)
  return Array.from({ length: count }, (_, index) => data.readUInt32LE(4 * index))
}
