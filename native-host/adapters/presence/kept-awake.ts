import * as v from 'valibot'
import type { Call } from '../../platform/dbus/message.ts'
import { type Bus, busAddresses, openBus } from '../../platform/dbus/session-bus.ts'

/**
 * The services that programs ask to keep the screen on, and how each of them reports such requests. Browsers and
 * players ask one of these while a video or a call goes on.
 */
const keepers: readonly { bus: 'session' | 'system'; question: Call; means(answer: unknown[]): boolean }[] = [
  {
    // org.freedesktop.login1(5): what, who, why, mode, user, process.
    bus: 'system',
    question: of(
      'org.freedesktop.login1',
      '/org/freedesktop/login1',
      'org.freedesktop.login1.Manager',
      'ListInhibitors',
    ),
    means: answer =>
      v
        .parse(v.tuple([v.array(v.looseTuple([v.string(), v.string(), v.string(), v.string()]))]), answer)[0]
        .some(([what, , , mode]) => mode === 'block' && what.split(':').includes('idle')),
  },
  ...['org.gnome.SessionManager', 'org.mate.SessionManager'].map(name => ({
    bus: 'session' as const,
    // 8: "inhibit the session being marked as idle".
    question: {
      ...of(name, `/${name.replaceAll('.', '/')}`, name, 'IsInhibited'),
      signature: 'u',
      body: [8],
    },
    means: isTrue,
  })),
  {
    bus: 'session',
    // 4: changing the settings of the screen.
    question: {
      ...of(
        'org.kde.Solid.PowerManagement.PolicyAgent',
        '/org/kde/Solid/PowerManagement/PolicyAgent',
        'org.kde.Solid.PowerManagement.PolicyAgent',
        'HasInhibition',
      ),
      signature: 'u',
      body: [4],
    },
    means: isTrue,
  },
  {
    bus: 'session',
    question: of(
      'org.freedesktop.PowerManagement',
      '/org/freedesktop/PowerManagement/Inhibit',
      'org.freedesktop.PowerManagement.Inhibit',
      'HasInhibit',
    ),
    means: isTrue,
  },
]

/** Whether any of them was asked to. A missing service was not. */
export async function keptAwake(env: NodeJS.ProcessEnv): Promise<boolean> {
  const addresses = busAddresses(env)
  for (const which of ['system', 'session'] as const) {
    const address = addresses[which]
    if (address !== undefined && (await isAskedOn(which, address))) return true
  }
  return false
}

async function isAskedOn(which: 'session' | 'system', address: string): Promise<boolean> {
  const ended = new AbortController()
  try {
    using bus = await openBus(address, ended.signal)
    const mine = keepers.filter(keeper => keeper.bus === which)
    const answers = await Promise.all(mine.map(keeper => ask(bus, keeper)))
    return answers.includes(true)
  } catch {
    return false
  }
}

async function ask(bus: Bus, { question, means }: (typeof keepers)[number]): Promise<boolean> {
  try {
    return means(await bus.call(question))
  } catch {
    return false
  }
}

function of(destination: string, path: string, interfaceName: string, member: string): Call {
  return { destination, path, interface: interfaceName, member }
}

function isTrue([answer]: unknown[]): boolean {
  return answer === true
}
