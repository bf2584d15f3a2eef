import { isZstd } from '../../native-host/adapters/seal/compress-zstd.ts'
import { identityOpener } from '../../native-host/adapters/seal/identity-opener.ts'
import { unpackSegment } from '../../native-host/adapters/seal/unpack-segment.ts'
import { openConfigFile } from '../../native-host/adapters/store/config-file.ts'
import { isUserFolder, readUserText } from '../../native-host/adapters/system/user-files.ts'
import type { CommandContext } from '../../native-host/commands/context.ts'
import type { Places } from '../../native-host/platform/files/places.ts'
import { deliveredAccess } from '../../native-host/programs/cli-delivered.ts'
import { exportAccess } from '../../native-host/programs/cli-export.ts'

/** What `export` needs, with the real adapters, in this process. What other commands need is not there. */
export function exportContext(places: Places) {
  const out: string[] = []
  const err: string[] = []
  const ending = new AbortController()
  const terminal = {
    out: async (lines: readonly string[]) => void out.push(...lines),
    write: async () => undefined,
    err: (lines: readonly string[]) => void err.push(...lines),
    show: () => undefined,
    interactive: false,
    overwrites: false,
    hush: () => ({ [Symbol.asyncDispose]: async () => undefined }),
    ask: async () => '',
    askSecret: async () => '',
  }
  const context = {
    terminal,
    signal: ending.signal,
    now: () => Temporal.Instant.from('2026-11-23T10:00:00Z'),
    zone: () => 'Europe/Berlin',
    home: places.home,
    openSettings: () => openConfigFile(places.config),
    readText: readUserText,
    isFolder: isUserFolder,
    async openObject(sealed: Uint8Array, identityFiles: readonly string[]) {
      const bytes = await (await identityOpener(identityFiles, places)).open(sealed)
      return isZstd(bytes)
        ? { kind: 'records' as const, bytes: await unpackSegment(bytes) }
        : { kind: 'screenshot' as const, bytes }
    },
    delivered: deliveredAccess(places, { terminal, signal: ending.signal }),
    export: exportAccess(places),
  } satisfies Partial<CommandContext>
  return { context: context as unknown as CommandContext, out, err, abort: () => ending.abort() }
}
