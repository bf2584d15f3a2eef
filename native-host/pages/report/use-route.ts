import { useEffect, useState } from 'preact/hooks'
import type { Report } from '../../../protocol/report.ts'
import { firstRoute, type Route, routeOf } from './model/route.ts'

/** What the address asks for, or the first view where it asks for none that there is. */
export function useRoute(report: Report): Route {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const follow = () => setHash(location.hash)
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const route = routeOf(hash)
  return route && route.device < Math.max(1, report.devices.length) ? route : firstRoute(report)
}
