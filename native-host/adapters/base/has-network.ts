import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** An address of this computer from which others can be reached. */
export type OwnAddress = { name: string; address: string }

/**
 * Addresses that other computers could answer to: not those of the computer for itself (127.0.0.1, ::1), nor those
 * that it gives itself when nobody else did (169.254…, fe80::…).
 */
export function ownAddresses(): OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, found = []]) =>
    found
      .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address))
      .map(({ address }) => ({ name, address })),
  )
}

/**
 * Which of them the system would use to reach an address, `undefined` when it knows no way there. Nothing is sent:
 * connecting a UDP socket only looks up the route.
 */
export async function sourceAddressTo(address: string): Promise<string | undefined> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  try {
    // Any port; 0 is refused.
    socket.connect(9, address)
    await once(socket, 'connect')
    return socket.address().address
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}

/** Reserved for documentation (RFC 5737, RFC 3849), so that only the default route leads there. */
const farAway = ['192.0.2.1', '2001:db8::1']

/** The address with which this computer reaches the rest of the world. */
export async function addressToTheWorld(): Promise<string | undefined> {
  for (const far of farAway) {
    const source = await sourceAddressTo(far)
    if (source !== undefined && ownAddresses().some(({ address }) => address === source)) return source
  }
  return undefined
}

/** Whether the computer knows a way to this host. A name can be anywhere in the world. */
export async function hasNetwork(host: string): Promise<boolean> {
  const source = isIP(host) === 0 ? await addressToTheWorld() : await sourceAddressTo(host)
  return source !== undefined
}
