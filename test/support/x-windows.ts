import x11, { type XClient, type XDisplay } from 'x11'
import { keepOwnAtoms } from '../../native-host/platform/x11/own-atoms.ts'

/** Windows on a display, made by hand, so that they say exactly what a test wants. */
export type XWindows = AsyncDisposable & {
  /** Mapped, unless it is said otherwise. @param parent of another of these windows: it is inside of it */
  open(window: {
    /** _NET_WM_NAME. */
    title?: string
    /** WM_NAME, each character of the text one byte. */
    name?: { type: 'STRING' | 'COMPOUND_TEXT' | 'UTF8_STRING' | 'C_STRING'; text: string }
    classes?: [instance: string, name: string]
    role?: string
    /** _NET_WM_PID. */
    pid?: number
    /** WM_TRANSIENT_FOR. */
    of?: number
    /** A menu or the like, of which no window manager takes notice. */
    overrideRedirect?: boolean
    minimised?: boolean
    mapped?: boolean
    parent?: number
    x?: number
    y?: number
    width?: number
    height?: number
  }): Promise<number>
  close(window: number): Promise<void>
}

/** Predefined atoms of the X11 protocol, appendix B. */
const atoms = {
  atom: 4,
  cardinal: 6,
  string: 31,
  window: 33,
  wmName: 39,
  wmClass: 67,
  transientFor: 68,
} as const

export async function openXWindows(display: string): Promise<XWindows> {
  const { client, screen } = await connect(display)
  keepOwnAtoms(client)
  const { root } = screen[0]
  const intern = (name: string) =>
    new Promise<number>((resolve, reject) =>
      client.InternAtom(false, name, (error, atom) => (error ? reject(error) : resolve(atom))),
    )
  const [utf8, name, role, state, hidden, pid] = await Promise.all(
    [
      'UTF8_STRING',
      '_NET_WM_NAME',
      'WM_WINDOW_ROLE',
      '_NET_WM_STATE',
      '_NET_WM_STATE_HIDDEN',
      '_NET_WM_PID',
    ].map(intern),
  )
  return {
    async open({ parent = root, x = 10, y = 20, width = 300, height = 200, ...window }) {
      const id = client.AllocID()
      const values = window.overrideRedirect ? ({ overrideRedirect: 1 } as const) : {}
      client.CreateWindow(id, parent, x, y, width, height, 0, 0, 0, 0, values)
      const say = (property = 0, type = 0, data: Buffer, units: 8 | 32 = 8) =>
        client.ChangeProperty(0, id, property, type, units, data)
      if (window.title) say(name, utf8, Buffer.from(window.title))
      if (window.name)
        say(atoms.wmName, await intern(window.name.type), Buffer.from(window.name.text, 'latin1'))
      if (window.role) say(role, atoms.string, Buffer.from(window.role))
      if (window.classes) say(atoms.wmClass, atoms.string, Buffer.from(`${window.classes.join('\0')}\0`))
      const sayNumber = (property = 0, type: number, value = 0) => {
        const data = Buffer.alloc(4)
        data.writeUInt32LE(value)
        say(property, type, data, 32)
      }
      if (window.minimised) sayNumber(state, atoms.atom, hidden)
      if (window.pid) sayNumber(pid, atoms.cardinal, window.pid)
      if (window.of) sayNumber(atoms.transientFor, atoms.window, window.of)
      if (window.mapped !== false) client.MapWindow(id)
      await client.sync()
      return id
    },
    async close(window) {
      client.UnmapWindow(window)
      await client.sync()
    },
    async [Symbol.asyncDispose]() {
      await ended(client)
    },
  }
}

function connect(display: string): Promise<XDisplay> {
  return new Promise((resolve, reject) => {
    const client = x11.createClient({ display, shm: false }, (error, connected) =>
      error ? reject(error) : resolve(connected),
    )
    client.on('error', reject)
  })
}

function ended(client: XClient): Promise<void> {
  return new Promise(resolve => client.close(() => resolve()))
}
