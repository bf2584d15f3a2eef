import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8')
const pairs = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
)

const text = 4.5
const graphics = 3
const grounds = ['page', 'card', 'sunken']
const tones = ['good', 'calm', 'warn', 'stop']
const rows: [ink: string, ground: string, least: number][] = [
  ...['ink', 'soft', ...tones].flatMap(ink =>
    grounds.map((ground): [string, string, number] => [ink, ground, text]),
  ),
  ...tones.flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-quiet`, text],
    ['ink', `${tone}-quiet`, text],
    ['soft', `${tone}-quiet`, text],
    [`on-${tone}`, tone, text],
  ]),
  ...grounds.map((ground): [string, string, number] => ['edge', ground, graphics]),
]

for (const scheme of ['light', 'dark'] as const)
  for (const [ink, ground, least] of rows)
    test(`${scheme}: ${ink} on ${ground} has a contrast of at least ${least}`, () => {
      const ratio = contrast(colour(ink, scheme), colour(ground, scheme))
      assert.ok(ratio >= least, `${ratio.toFixed(2)}`)
    })

function colour(name: string, scheme: 'light' | 'dark'): string {
  const pair = pairs.get(name)
  assert.ok(pair, `theme.css has no colour ${name}`)
  return pair[scheme]
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map(start => {
    const share = Number.parseInt(hex.slice(start, start + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
