import { loadFfi } from './load-ffi.ts'

/**
 * Gives the system back what malloc holds free. glibc keeps it for later, and what a start needed is not needed again. Where
 * there is no such function (other systems, musl), nothing happens.
 */
export function giveBackMemory(): void {
  if (process.platform !== 'linux') return
  try {
    using glibc = loadFfi().dlopen(null, { malloc_trim: { arguments: ['u64'], return: 'i32' } })
    glibc.functions.malloc_trim(0n)
  } catch {
    // What is kept is only memory.
  }
}
