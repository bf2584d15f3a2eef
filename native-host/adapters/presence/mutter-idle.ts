import { type Bus, ownerOf } from '../../platform/dbus/session-bus.ts'
import type { PresenceReport } from '../../presence/presence-sources.ts'

/** GNOME's compositor, which has no protocol of Wayland for it. */
const name = 'org.gnome.Mutter.IdleMonitor'
const monitor = { destination: name, path: '/org/gnome/Mutter/IdleMonitor/Core', interface: name } as const

/** Listens on the bus of the session until it is gone. Rejects where GNOME is not. */
export async function watchMutter(
  bus: Bus,
  onReport: (sign: PresenceReport) => void,
  stillMs: number,
): Promise<void> {
  const owner = await ownerOf(bus, name)
  if (owner === undefined) throw new Error('no GNOME')
  const left = Promise.withResolvers<void>()
  await bus.listen(
    {
      sender: 'org.freedesktop.DBus',
      interface: 'org.freedesktop.DBus',
      member: 'NameOwnerChanged',
      arg0: name,
    },
    ({ body: [changed] }) => changed === name && left.resolve(),
  )
  let still: unknown
  let active: unknown
  const told: unknown[] = []
  await bus.listen({ sender: name, interface: name, member: 'WatchFired' }, ({ sender, body: [watch] }) => {
    if (sender !== owner) return
    told.push(watch)
    act()
  })
  ;[still] = await bus.call({ ...monitor, member: 'AddIdleWatch', signature: 't', body: [stillMs] })
  onReport({ kind: 'active', source: 'mutter' })
  act()
  await Promise.race([bus.closed, left.promise])

  /** A watch may fire before the answer that names it has arrived. */
  function act(): void {
    for (const watch of told.splice(0)) {
      if (watch === still) {
        onReport({ kind: 'still', source: 'mutter', forMs: stillMs })
        // It tells of the next input only, and then is gone.
        void bus.call({ ...monitor, member: 'AddUserActiveWatch' }).then(
          ([added]) => {
            active = added
            act()
          },
          () => left.resolve(),
        )
      } else if (watch === active) onReport({ kind: 'active', source: 'mutter' })
      else if (still === undefined) told.push(watch)
    }
  }
}
