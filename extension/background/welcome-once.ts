import { consentVersion } from '../../protocol/consent.ts'

type World = {
  /** What `remember` stored last, in this browser. */
  recall(): Promise<unknown>
  remember(textVersion: number): Promise<void>
  open(): Promise<unknown>
}

/**
 * Opens the welcome page once for each version of its text: after the extension was installed, and after an update
 * that says something new, because then tracking stops until the person has agreed again.
 */
export async function welcomeOnce({ recall, remember, open }: World): Promise<void> {
  if ((await recall()) === consentVersion) return
  await remember(consentVersion)
  await open()
}
