import { detectorRules } from '../native-host/detection/detector.ts'
import { strokeFeatures } from '../native-host/detection/stroke-features.ts'
import { windowColumns, windowStrokes } from '../native-host/detection/stroke-window.ts'
import { code, table } from './markdown.ts'

/** What the detector looks at, for docs/detection.md. */
export function detectionTables(): Record<string, string> {
  return {
    rules: table(
      ['evidence', 'what it looks at', 'limit'],
      detectorRules.map(({ feature, means, limit }) => [code(feature), means, String(limit)]),
    ),
    features: `${table(
      ['feature', 'what it measures of a stroke', 'unit', 'source'],
      strokeFeatures.map(({ name, means, unit, source }) => [code(name), means, unit, source]),
    )}
The model sees of each its average over ${windowStrokes} strokes and how much it varied: ${windowColumns.length} numbers.
`,
  }
}
