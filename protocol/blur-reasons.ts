import * as v from 'valibot'

/**
 * Why a display is blurred although the setting says that screenshots are sharp: what it is in words that follow a
 * colon, and what changes it. None of them names a window.
 */
export const blurReasons = {
  'private-window': {
    sentence: 'a private window of a browser was open',
    next: 'Close or minimise private windows, or switch off “Blur screens with private windows”.',
  },
  'excluded-application': {
    sentence: 'a window of one of your “Apps to blur” was open',
    next: 'Close or minimise it, or change “Apps to blur”.',
  },
  'browser-unmatched': {
    sentence: 'a browser window that may be private was open',
    next: 'Close or minimise private windows. Windows of a browser or profile without this extension count as private too. Install it there, or switch off “Blur screens with private windows”.',
  },
  'windows-unknown': {
    sentence: 'the tracker cannot see which windows are open here',
    next: 'Clear “Apps to blur” and switch off “Blur screens with private windows”.',
  },
  'settings-changed': {
    sentence: 'a blur setting changed while the screenshot was taken',
    next: 'Nothing to do; the next one follows the new setting.',
  },
} as const satisfies Record<string, { sentence: string; next: string }>
export type BlurReason = keyof typeof blurReasons
export const blurReasonNames = Object.keys(blurReasons) as BlurReason[]

/** More are not reported: no desk has that many displays. */
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
  if (numbers.length === displays) return 'All screens of the last screenshot are blurred'
  const [first, ...others] = numbers
  if (others.length === 0) return `Screen ${first} of the last screenshot is blurred`
  return `Screens ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)} of the last screenshot are blurred`
}
