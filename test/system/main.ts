import { styleText } from 'node:util'
import { type Condition, NotHere } from './condition.ts'
import { groups } from './groups.ts'

/**
 * `npm run test:system [-- GROUP …] [--fast]`: brings this computer into every condition that people meet, as far as
 * possible for real, and prints a line for each with what was seen. Exit 1 when one falls short; in the full run also
 * when it could not be brought about, because what was not seen is not known.
 */

const longestMs = { fast: 30_000, slow: 300_000 }

// All that is mounted, made or started for a condition goes with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const words = process.argv.slice(2)
const wanted = words.filter(word => !word.startsWith('-'))
const onlyFast = words.includes('--fast')
const unknown = wanted.filter(name => !groups.some(group => group.name === name))
if (unknown.length > 0) {
  console.error(`No group ${unknown.join(', ')}. There are: ${groups.map(({ name }) => name).join(', ')}`)
  process.exit(64)
}

type Verdict = 'holds' | 'FALLS SHORT' | 'not here'
const mark: Record<Verdict, string> = {
  holds: styleText('green', '✓'),
  'FALLS SHORT': styleText('red', '✗'),
  'not here': styleText('yellow', '–'),
}
const counts: Record<Verdict, number> = { holds: 0, 'FALLS SHORT': 0, 'not here': 0 }
const begun = performance.now()

for (const { name, conditions, end } of groups) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const condition of conditions) {
    if (onlyFast && condition.speed === 'slow') continue
    const startedAt = performance.now()
    const { verdict, seen } = await look(condition)
    counts[verdict]++
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    const what = `${name.padEnd(9)} ${condition.what}`
    console.log(`${mark[verdict]} ${what}: ${seen} ${styleText('dim', `(${seconds} s)`)}`)
  }
  await end?.()
}

const seconds = Math.round((performance.now() - begun) / 1000)
console.log(
  `${counts.holds} conditions hold, ${counts['FALLS SHORT']} fall short, ` +
    `${counts['not here']} could not be brought about here; ${seconds} s`,
)
const failed = counts['FALLS SHORT'] + (onlyFast ? 0 : counts['not here'])
process.exit(failed === 0 && counts.holds > 0 ? 0 : 1)

async function look(condition: Condition): Promise<{ verdict: Verdict; seen: string }> {
  const late = AbortSignal.timeout(longestMs[condition.speed])
  const given = Promise.withResolvers<never>()
  late.addEventListener('abort', () =>
    given.reject(new Error(`no end within ${longestMs[condition.speed] / 1000} s`)),
  )
  try {
    return { verdict: 'holds', seen: await Promise.race([condition.run(late), given.promise]) }
  } catch (error) {
    const seen = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    if (error instanceof NotHere) return { verdict: 'not here', seen }
    console.error(error)
    return { verdict: 'FALLS SHORT', seen }
  }
}
