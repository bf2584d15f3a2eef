import * as v from 'valibot'

/**
 * Why a display is blurred although the setting says that screenshots are sharp: what it is in words that follow a
 * colon, and what changes it. None of them names a window.
 */
export const blurReasons = {
  'private-window': {
    sentence: 'a private window of a browser was open',
    next: 'Close or minimise private windows, or switch off “Blur displays with private windows”.',
  },
  'excluded-application': {
    sentence: 'a window of an application that you excluded was open',
    next: 'Close or minimise it, or change “Applications that are not to be seen”.',
  },
  'browser-unmatched': {
    sentence: 'a browser window was open that may be a private one',
    next: 'Close or minimise private windows. Windows of a browser or profile without this extension count as private too: install it there, or switch off “Blur displays with private windows”.',
  },
  'windows-unknown': {
    sentence: 'it cannot be seen here which windows are open',
    next: 'Empty “Applications that are not to be seen” and switch off “Blur displays with private windows”.',
  },
  'settings-changed': {
    sentence: 'a setting that decides what is blurred was changed while it was taken',
    next: 'Nothing to do: the next one follows the new setting.',
  },
} as const satisfies Record<string, { sentence: string; next: string }>
export type BlurReason = keyof typeof blurReasons
export const blurReasonNames = Object.keys(blurReasons) as BlurReason[]

/** More are not told: so many displays have no desk. */
const mostBlurredShown = 64

/** Of the latest screenshots, each display with each of its reasons. */
export const blurredSchema = v.pipe(
  v.array(
    v.object({
      display: v.pipe(v.number(), v.integer(), v.minValue(1)),
      reason: v.picklist(blurReasonNames),
    }),
  ),
  v.transform(all => all.slice(0, mostBlurredShown)),
)
export type Blurred = v.InferOutput<typeof blurredSchema>

/** Each reason once, in a sentence with the displays that it is about. @param displays how many there are */
export function describeBlurred(
  blurred: Blurred,
  displays: number,
): { reason: BlurReason; sentence: string; next: string }[] {
  return blurReasonNames.flatMap(reason => {
    const numbers = blurred.filter(one => one.reason === reason).map(({ display }) => display)
    if (numbers.length === 0) return []
    const { sentence, next } = blurReasons[reason]
    return [{ reason, sentence: `${whatIsBlurred(numbers, displays)}: ${sentence}.`, next }]
  })
}

function whatIsBlurred(numbers: readonly number[], displays: number): string {
  if (displays <= 1) return 'The last screenshot is blurred'
  if (numbers.length === displays) return 'All displays of the last screenshot are blurred'
  const [first, ...others] = numbers
  if (others.length === 0) return `Display ${first} of the last screenshot is blurred`
  return `Displays ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} of the last screenshot are blurred`
}
