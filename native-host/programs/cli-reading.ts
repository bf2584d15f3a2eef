import { existsSync } from 'node:fs'
import type { ReadingAccess } from '../commands/context.ts'
import { loneReportCache, type Places } from '../platform/files/places.ts'

/** What reports need beside the objects; loaded when it is wanted. Belongs to cli.ts. */
export function readingAccess(places: Places, env: NodeJS.ProcessEnv): ReadingAccess {
  const alone = loneReportCache(env)
  const loaded = () => import('../adapters/reading/report-cache.ts')
  return {
    delivered: places.delivered,
    cache: async () => (await loaded()).openReportCache(existsSync(places.home) ? places.reportCache : alone),
    async clearCache() {
      const { removeReportCache } = await loaded()
      for (const path of [places.reportCache, alone]) removeReportCache(path)
    },
    parquet: async table => (await import('../adapters/reading/parquet.ts')).writeParquet(table),
  }
}
