/**
 * How glibc's malloc works in programs that run all day (mallopt(3)); other systems read none of it. By itself it makes an
 * arena for each thread, and keeps what each of them once held. And it takes ever larger blocks from the heap, up to 32 MB,
 * once it has seen one come and go: what the buffers of a picture leave behind is then broken up by smaller blocks that stay.
 * Blocks of 128 KiB or more get pages of their own instead, which go back at once.
 */
export const mallocForAllDay = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' } as const
