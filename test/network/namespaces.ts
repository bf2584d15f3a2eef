import { readlinkSync } from 'node:fs'

/** The network and the mounts that this process sees, as the kernel names them. */
export function namespaces(): string[] {
  return ['net', 'mnt'].map(kind => readlinkSync(`/proc/self/ns/${kind}`))
}

/** Whether `npm run network` started this: nothing may touch the network and the mounts of the machine itself. */
export function isInOwnNamespaces(): boolean {
  const outer = process.env.ACTIVITY_TRACKER_OUTER_NAMESPACES?.split(',')
  return outer !== undefined && namespaces().every(name => !outer.includes(name))
}
