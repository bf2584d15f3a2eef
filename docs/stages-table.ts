import { stageNames, stages } from '../test/run/stages.ts'

export function stagesTable(): Record<string, string> {
  const rows = stageNames.map(name => {
    const { proves, needs, minutes } = stages[name]
    return `| \`${name}\` | ${minutes.toFixed(1)} | ${proves} | ${needs} |`
  })
  return { stages: ['| stage | minutes | shows that | needs |', '|---|---|---|---|', ...rows].join('\n') }
}
