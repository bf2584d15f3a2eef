import type { Command } from 'commander'
import { isoOf } from '../kernel/instants.ts'
import type { CommandContext } from './context.ts'
import { formatMoment } from './format.ts'
import { reporting } from './outcome.ts'
import { pauseEnd } from './pause-end.ts'
import { text } from './text.ts'

const help = text.help.pause
const words = text.pause

export function addPause(program: Command, context: CommandContext): void {
  program
    .command('pause')
    .summary(help.summary)
    .description(help.description)
    .argument('[duration]', help.duration)
    .action(
      reporting(context.terminal, async (duration: string | undefined) => {
        const now = context.now()
        const zone = context.zone()
        const end = duration === undefined ? undefined : pauseEnd(duration, now, zone)
        using session = await context.agent.connect()
        await session.request({
          type: 'pause',
          until: end ? isoOf(end) : null,
        })
        const today = { date: now.toZonedDateTimeISO(zone).toPlainDate().toString(), zone }
        return {
          json: { paused: true, until: end ? isoOf(end) : null },
          lines: [end ? words.until(formatMoment(end, today)) : words.endless],
        }
      }),
    )
}
