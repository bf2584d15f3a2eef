export type Power = {
  /** undefined: this computer has no battery. */
  battery(): Promise<{ percent: number; discharging: boolean } | undefined>
}
