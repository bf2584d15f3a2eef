import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserName } from './browser-name.ts'

const brands = (...names: string[]) => ({ brands: names.map(brand => ({ brand })) })
const rows: [expected: string, navigator: Parameters<typeof browserName>[0]][] = [
  ['Chromium', { userAgent: 'Mozilla/5.0', userAgentData: brands('Not?A_Brand', 'Chromium') }],
  [
    'Google Chrome',
    { userAgent: 'Mozilla/5.0', userAgentData: brands('Chromium', 'Google Chrome', 'Not A(Brand') },
  ],
  [
    'Microsoft Edge',
    { userAgent: 'Mozilla/5.0', userAgentData: brands('Microsoft Edge', 'Not:A-Brand', 'Chromium') },
  ],
  ['Firefox', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0' }],
  ['Browser', { userAgent: 'Mozilla/5.0' }],
]
for (const [expected, navigator] of rows)
  test(`is called ${expected}: ${JSON.stringify(navigator)}`, () => {
    assert.equal(browserName(navigator), expected)
  })
