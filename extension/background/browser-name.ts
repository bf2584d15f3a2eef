import { toClientName } from '../../protocol/client-name.ts'

type Brand = { brand: string }
type NavigatorLike = { userAgent: string; userAgentData?: { brands: Brand[] } }

/** What the agent calls this browser in its list of clients. It has no version, because no user needs it. */
export function browserName(navigator: NavigatorLike): string {
  const brands = navigator.userAgentData?.brands.map(({ brand }) => brand) ?? []
  // Each Chromium browser also lists Chromium and a nonsense brand, so that no site relies on the order.
  const own = brands.find(brand => brand !== 'Chromium' && !/not.?a.?brand/i.test(brand))
  if (own) return toClientName(own)
  if (brands.includes('Chromium')) return 'Chromium'
  return /firefox/i.test(navigator.userAgent) ? 'Firefox' : 'Browser'
}
