import { damagedFiles } from './damaged-files.ts'
import { diskFaults } from './disk-faults.ts'
import { faultsInRecovery } from './faults-in-recovery.ts'
import { type GroupName, groupNames } from './groups.ts'
import { killAtEverySyscall } from './kill-at-every-syscall.ts'
import { lostAtKill } from './lost-at-kill.ts'
import { lostReplies } from './lost-replies.ts'
import { malformedFrames } from './malformed-frames.ts'
import { manyConnections } from './many-connections.ts'
import { movedClocks } from './moved-clocks.ts'
import { multipartKills } from './multipart-kills.ts'
import { oneOfMany } from './one-of-many.ts'
import { powerCuts } from './power-cuts.ts'
import type { Promised } from './promise.ts'
import { serverFailures } from './server-failures.ts'
import { weekOffline } from './week-offline.ts'

/** `npm test` runs each group in a process of its own: work for one must not delay the timers of another. */
export const promises: Record<GroupName, readonly Promised[]> = {
  server: [killAtEverySyscall, lostReplies, multipartKills, weekOffline, serverFailures],
  computer: [
    powerCuts,
    lostAtKill,
    diskFaults,
    damagedFiles,
    faultsInRecovery,
    movedClocks,
    malformedFrames,
    manyConnections,
  ],
  prompt: [oneOfMany],
}

/** In the order of docs/promises.md. */
export const allPromises: readonly Promised[] = groupNames
  .flatMap(name => promises[name])
  .toSorted((one, other) => numberOf(one) - numberOf(other))

function numberOf({ id }: Promised): number {
  return Number(id.slice(1))
}
