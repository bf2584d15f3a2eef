/** What is read: folders, files and buckets, and with which identities. */
export const source = {
  nothing: (sources: readonly string[]) => `no encrypted files of a tracker in ${sources.join(', ')}`,
  nothingInPart: (sources: readonly string[]) =>
    `no encrypted files of the devices, days and kind that were asked for in ${sources.join(', ')}`,
  passphrase: (file: string) => `Passphrase of ${file}: `,
  passedOver: (sentence: string) => `Skipped: ${sentence}`,
}
