import { readdirSync, readlinkSync, statfsSync, writeFileSync } from 'node:fs'
import { grim } from '../../native-host/adapters/capture/grim.ts'
import { x11Capture } from '../../native-host/adapters/capture/x11.ts'
import { assertAppError } from '../../protocol/assert-app-error.ts'

/**
 * Takes one screenshot and says what came of it, for tests that give it another /dev/shm. `fill`: the room is taken by
 * another program right after the memory was set aside, and before anything was written to it.
 */
const means = { env: process.env, grabProgram: '/no/such/file' }
const capture = process.env.WAYLAND_DISPLAY ? grim(means) : x11Capture(means)
const { signal } = new AbortController()
try {
  const grabbing = capture.grab('all', signal)
  if (process.argv[2] === 'fill') fillOnceSetAside()
  using _ = await grabbing
  console.log('a picture')
} catch (error) {
  assertAppError(error)
  console.log(error.code, error.detail ?? '')
}
process.exit()

function fillOnceSetAside(): void {
  if (!isSetAside()) return void setImmediate(fillOnceSetAside)
  const { bavail, bsize } = statfsSync('/dev/shm')
  writeFileSync('/dev/shm/filler-0', new Uint8Array(bavail * bsize))
}

function isSetAside(): boolean {
  return readdirSync('/proc/self/fd').some(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('/dev/shm/activity-tracker-')
    } catch {
      return false
    }
  })
}
