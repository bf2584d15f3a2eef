/**
 * glibc's malloc in programs that run all day (mallopt(3)); other systems ignore this. By default it makes an arena for each
 * thread, and takes blocks up to 32 MB from the heap once one was freed. Small blocks that stay then fragment what picture
 * buffers leave. Blocks from 128 KiB on get their own pages instead, which return at once.
 */
export const mallocForAllDay = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' } as const
