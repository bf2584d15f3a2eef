/**
 * What a person reads before anything is recorded, and what they agree to by pressing Start.
 * The welcome page and the command line show the same words. Change a word and raise `consentVersion`:
 * everyone is asked again, because an agreement is to a text and not to a product.
 */
export const consentVersion = 4

export const consentText = {
  recorded: [
    'How many keys you press, and when. Never which keys: the tracker drops that before it counts.',
    'Clicks, wheel turns, how far the pointer travels, and which seconds were active.',
    'Whether you are active, idle or away, and when the screen was locked or the computer was asleep. Never why.',
    'Screenshots of every screen at the interval you set, blurred unless you change that. You can switch them off.',
    'What kind of computer this is: its model, system, desktop, processor and memory. No serial number, name or address.',
    'This computer’s time zone, and when tracking was paused, suspended or interrupted.',
    'Signs that input came from a script rather than a person, with the evidence.',
    'Only if you start it in a terminal: a recording of your own input, in a file of yours. It contains when each key went down and up, and that rhythm can reveal some of the text.',
  ],
  neverRecorded: [
    'Which keys you press, passwords, or anything you type.',
    'The names of your windows, the pages you visit, sound or camera.',
    'Anything while tracking is paused.',
  ],
  where: [
    'Everything is compressed and encrypted on this computer before it is stored for upload.',
    'It goes to a folder on this computer, or to the S3 bucket that is set up here. Nowhere else.',
  ],
  whoCanOpen: [
    'Only the holders of the keys listed below can open it. There is no master key, and we run no server.',
  ],
} as const

export const consentSections = {
  recorded: 'What is recorded',
  neverRecorded: 'What is never recorded',
  where: 'Where it goes',
  whoCanOpen: 'Who can open it',
} as const satisfies Record<keyof typeof consentText, string>
