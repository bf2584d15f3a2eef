import { basename, dirname, join } from 'node:path'
import type { ExportAccess } from '../commands/context.ts'
import type { Places } from '../platform/files/places.ts'

/** What it takes to export all about the person; loaded when it is wanted. Belongs to cli.ts. */
export function exportAccess(places: Places): ExportAccess {
  const own = () => import('../adapters/store/own-data.ts')
  return {
    begin: async path => (await import('../adapters/system/export-folder.ts')).makeExportFolder(path),
    delivered: places.delivered,
    device: async () =>
      (await import('../adapters/store/memory-sqlite.ts')).recallFrom(places.stateDb, 'device'),
    sealed: async where => (await own()).sealedFilesIn(places[where]),
    unsealed: async () => (await own()).unsealedLines(places),
    withTables: async use => (await own()).withTables(places, use),
    async unstored() {
      const { openUnstoredCounts } = await import('../adapters/store/unstored-counts.ts')
      const { recallFrom } = await import('../adapters/store/memory-sqlite.ts')
      using counts = openUnstoredCounts(
        places.unstored,
        () => recallFrom(places.stateDb, 'stored_intervals') ?? 0,
      )
      return counts.recall()
    },
    async keys() {
      const { findKeys, readConfirmed } = await import('../adapters/seal/confirmed-keys.ts')
      const { recipients, identities, device } = await findKeys(places)
      return {
        recipients,
        identities_on_this_computer: identities,
        device,
        confirmed: readConfirmed(places) ?? null,
      }
    },
    async logs() {
      const { namesOf } = await own()
      const folder = dirname(places.log)
      const ours = [basename(places.log), `${basename(places.log)}.1`]
      return namesOf(folder)
        .filter(name => ours.includes(name))
        .map(name => ({ name, path: join(folder, name) }))
    },
  }
}
