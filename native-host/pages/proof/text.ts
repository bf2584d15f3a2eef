/** What stands on the page of a proof besides the sentences that `activity-tracker verify` says too (proof/proof-words.ts). */
export const text = {
  title: 'Proof of recorded work',
  heading: (from: string, until: string) => (from === until ? from : `${from} to ${until}`),
  hours: (only: readonly string[]) => `Only ${only.join(' and ')}, as the sender says.`,
  madeAt: (at: string) => `Made on ${at}, as the sender says.`,
  checking: (done: number, all: number) => `Checking ${done} of ${all} …`,
  checkedHere: 'Checked in this browser. Nothing was sent anywhere.',
  oldBrowser:
    'This browser is too old to check a proof. Use Chrome or Edge 144, or Firefox 141, or a newer one, or “activity-tracker verify”.',
  damaged: 'This is not a proof, or it is damaged. Ask the sender for the file again.',
  fingerprint: {
    label: 'Fingerprint',
    help: 'Type the fingerprint that the sender gave you, in another way than this file: by phone, say.',
  },
  heads: {
    label: 'Heads that you received earlier',
    help: 'Paste the lines that the sender sent you while the work was done, one head on each line.',
  },
  findings: 'What is wrong',
  notes: 'Notes',
  proves: 'What this proves',
  cannot: 'What it cannot prove',
  screenshots: (count: number) => (count === 1 ? '1 screenshot' : `${count} screenshots`),
  screenshotAt: (at: string) => `Screenshot of ${at}`,
  unopenable: 'This screenshot cannot be opened.',
}
