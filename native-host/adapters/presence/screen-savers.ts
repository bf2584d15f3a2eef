import { type Bus, followName } from '../../platform/dbus/session-bus.ts'
import type { PresenceReport } from '../../presence/presence-sources.ts'

/**
 * The services that lock the screen or show its saver, and report it by `ActiveChanged` (freedesktop's idle-inhibition
 * specification; each desktop has its own copy of it). For GNOME and KDE active means locked.
 */
const savers: Record<string, readonly string[]> = {
  'org.freedesktop.ScreenSaver': ['/org/freedesktop/ScreenSaver', '/ScreenSaver'],
  'org.gnome.ScreenSaver': ['/org/gnome/ScreenSaver'],
  'org.cinnamon.ScreenSaver': ['/org/cinnamon/ScreenSaver'],
  'org.mate.ScreenSaver': ['/org/mate/ScreenSaver'],
  'org.xfce.ScreenSaver': ['/org/xfce/ScreenSaver'],
}

/** Listens on the bus of the session until it is gone. */
export async function watchScreenSavers(bus: Bus, onReport: (sign: PresenceReport) => void): Promise<void> {
  const active = new Set<string>()
  const owners = new Map<string, string>()

  for (const [name, paths] of Object.entries(savers)) {
    await bus.listen(
      { sender: name, interface: name, member: 'ActiveChanged' },
      ({ sender, body: [isActive] }) => {
        // Any program on the bus may send us a signal of that name.
        if (sender === owners.get(name)) tell(name, isActive === true)
      },
    )
    await followName(bus, name, owner => {
      if (owner === undefined) {
        owners.delete(name)
        tell(name, false)
        return
      }
      owners.set(name, owner)
      for (const path of paths) void ask(name, path)
    })
  }
  await bus.closed

  async function ask(name: string, path: string): Promise<void> {
    try {
      const [isActive] = await bus.call({ destination: name, path, interface: name, member: 'GetActive' })
      if (typeof isActive === 'boolean') tell(name, isActive)
    } catch {
      // GNOME has one that only tells of changes, and most have only one of the paths.
    }
  }

  function tell(name: string, isActive: boolean): void {
    const before = active.size > 0
    if (isActive) active.add(name)
    else active.delete(name)
    if (active.size > 0 !== before) onReport({ kind: 'lock', source: 'screensaver', locked: active.size > 0 })
  }
}
