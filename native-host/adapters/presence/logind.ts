import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import type { Message } from '../../platform/dbus/message.ts'
import { type Bus, ownerOf, propertyOf } from '../../platform/dbus/session-bus.ts'
import type { PresenceReport } from '../../presence/presence-sources.ts'

/** systemd-logind and elogind (org.freedesktop.login1(5)). */
const name = 'org.freedesktop.login1'
const manager = { destination: name, path: '/org/freedesktop/login1', interface: `${name}.Manager` } as const

/** Id, user, name of the user, seat, path. */
const sessionsSchema = v.tuple([
  v.array(v.tuple([v.string(), v.number(), v.string(), v.string(), v.string()])),
])

/**
 * A desktop that gets a request to lock reports afterwards whether it did (LockedHint). One that never reports would
 * seem locked for ever, because no unlock request comes when the person types the password into it.
 */
const hintWithinMs = 10_000

/** Listens on the bus of the system until it is gone, or logind is. Rejects where there is none. */
export async function watchLogind(
  bus: Bus,
  onReport: (sign: PresenceReport) => void,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const owner = await ownerOf(bus, name)
  if (owner === undefined) throw new Error('no logind')
  const left = Promise.withResolvers<void>()
  const bySender =
    (act: (body: unknown[]) => void) =>
    ({ sender, body }: Message) => {
      if (sender === owner) act(body)
    }
  await bus.listen(
    {
      sender: 'org.freedesktop.DBus',
      interface: 'org.freedesktop.DBus',
      member: 'NameOwnerChanged',
      arg0: name,
    },
    ({ body: [changed] }) => changed === name && left.resolve(),
  )
  await bus.listen(
    { sender: name, interface: manager.interface, member: 'PrepareForSleep' },
    bySender(([asleep]) => onReport({ kind: 'sleep', source: 'logind', asleep: asleep === true })),
  )
  // A login: it may be the missing session.
  const begun = Promise.withResolvers<void>()
  await bus.listen(
    { sender: name, interface: manager.interface, member: 'SessionNew' },
    bySender(() => begun.resolve()),
  )
  // Without a session that could be locked there is still a computer that sleeps.
  const path = await sessionPath().catch(() => undefined)
  if (path !== undefined) await watchSession(path)
  await Promise.race([bus.closed, left.promise, ...(path === undefined ? [begun.promise] : [])])

  async function watchSession(path: string): Promise<void> {
    const session = { destination: name, path, interface: `${name}.Session` }
    let asked = 0
    const tellHint = async () => {
      const mine = ++asked
      const locked = await propertyOf(bus, session, 'LockedHint')
      if (mine === asked) tell(locked === true)
    }
    const tell = (locked: boolean) => onReport({ kind: 'lock', source: 'logind', locked })
    const properties = {
      sender: name,
      path,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'PropertiesChanged',
    }
    await bus.listen(
      properties,
      bySender(([of]) => of === session.interface && void tellHint().catch(() => undefined)),
    )
    for (const [member, locked] of [
      ['Lock', true],
      ['Unlock', false],
    ] as const)
      await bus.listen(
        { sender: name, path, interface: session.interface, member },
        bySender(() => {
          asked++
          tell(locked)
          void sleep(hintWithinMs, undefined, { ref: false })
            .then(tellHint)
            .catch(() => undefined)
        }),
      )
    await tellHint().catch(() => undefined)
  }

  /** Of this process, or else of its user: a service of the user belongs to no session. */
  async function sessionPath(): Promise<string | undefined> {
    if (env.XDG_SESSION_ID) {
      const [path] = await bus
        .call({ ...manager, member: 'GetSession', signature: 's', body: [env.XDG_SESSION_ID] })
        .catch(() => [])
      if (typeof path === 'string') return path
    }
    const [all] = v.parse(sessionsSchema, await bus.call({ ...manager, member: 'ListSessions' }))
    const mine = all.filter(([, user]) => user === process.getuid?.())
    return (mine.find(([, , , seat]) => seat !== '') ?? mine[0])?.[4]
  }
}
