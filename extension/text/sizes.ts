import { text } from './catalogue.ts'

/** `12 kB`, `3.4 MB`, rounded up where it is little: a file is never nothing. */
export function describeSize(bytes: number, number: (value: number) => string): string {
  return bytes < 1_000_000
    ? text.units.kilobytes(number(Math.ceil(bytes / 1000)))
    : text.units.megabytes(number(Math.round(bytes / 100_000) / 10))
}
