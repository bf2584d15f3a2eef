import type { Command } from 'commander'
import type { CommandContext } from './context.ts'
import { formatMoment } from './format.ts'
import { reporting } from './outcome.ts'
import { pauseEnd } from './pause-end.ts'

export function addPause(program: Command, context: CommandContext): void {
  program
    .command('pause')
    .summary('record nothing for a while')
    .description(
      'Records nothing until then: no counts and no screenshots. What was recorded before is kept.',
    )
    .argument('[duration]', '15m, 1h30m, 2d, or tomorrow (the next midnight); none: until you resume')
    .action(
      reporting(context.terminal, async (duration: string | undefined) => {
        const now = context.now()
        const zone = context.zone()
        const end = duration === undefined ? undefined : pauseEnd(duration, now, zone)
        using session = await context.agent.connect()
        await session.request({
          type: 'pause',
          until: end ? end.toString({ fractionalSecondDigits: 3 }) : null,
        })
        const today = { date: now.toZonedDateTimeISO(zone).toPlainDate().toString(), zone }
        return {
          json: { paused: true, until: end?.toString({ fractionalSecondDigits: 3 }) ?? null },
          lines: [
            end
              ? `Paused until ${formatMoment(end, today)}. Go on earlier: activity-tracker resume`
              : 'Paused. Go on: activity-tracker resume',
          ],
        }
      }),
    )
}
