/** `12 kB`, `3.4 MB`, rounded up where it is little: a file is never nothing. */
export function describeSize(bytes: number, number: (value: number) => string): string {
  return bytes < 1_000_000
    ? `${number(Math.ceil(bytes / 1000))} kB`
    : `${number(Math.round(bytes / 100_000) / 10)} MB`
}
