import browser from 'webextension-polyfill'
import type { Badge } from './badge.ts'

export async function showBadge({ icon, text, colour, title }: Badge): Promise<void> {
  const path = Object.fromEntries([16, 32, 48].map(size => [size, `/icons/${icon}-${size}.png`]))
  await Promise.all([
    browser.action.setIcon({ path }),
    browser.action.setBadgeText({ text }),
    browser.action.setBadgeBackgroundColor({ color: colour }),
    browser.action.setBadgeTextColor({ color: '#ffffff' }),
    browser.action.setTitle({ title }),
  ])
}
