import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** The interface that has this address and a carrier, such as eth0. */
export function interfaceOf(address: string): string | undefined {
  return Object.entries(networkInterfaces()).find(([, found = []]) =>
    found.some(each => each.address === address),
  )?.[0]
}

/**
 * Which of its own addresses the system would use to reach another, undefined when it knows no way there. Nothing is sent:
 * connecting a UDP socket only looks up the route.
 */
export async function sourceAddressTo(address: string): Promise<string | undefined> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  try {
    // Any port; 0 is refused.
    socket.connect(9, address)
    await once(socket, 'connect')
    const source = socket.address().address
    return source === address || isLoopback(source) || isLinked(source) ? source : undefined
  } catch {
    return undefined
  } finally {
    socket.close()
  }
}

/**
 * A cable that is pulled leaves address and route where they are. Node lists only interfaces that run, with a carrier
 * (IFF_RUNNING in libuv); where it may list none at all, that says nothing.
 */
function isLinked(address: string): boolean {
  return Object.keys(networkInterfaces()).length === 0 || interfaceOf(address) !== undefined
}

/** Reserved for documentation (RFC 5737, RFC 3849), so that only the default route leads there. */
const farAway = ['192.0.2.1', '2001:db8::1']

/** The address with which this computer reaches the rest of the world. */
export async function addressToTheWorld(): Promise<string | undefined> {
  for (const far of farAway) {
    const source = await sourceAddressTo(far)
    if (source !== undefined && !isLoopback(source)) return source
  }
  return undefined
}

export function isLoopback(address: string): boolean {
  return /^127\.|^::1$/.test(address)
}

/** Whether the computer knows a way to this host. A name can be anywhere in the world. */
export async function hasNetwork(host: string): Promise<boolean> {
  const source = isIP(host) === 0 ? await addressToTheWorld() : await sourceAddressTo(host)
  return source !== undefined
}
