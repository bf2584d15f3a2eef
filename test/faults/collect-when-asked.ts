/**
 * Loaded into a program under test with --expose-gc: on SIGUSR2 it gives back all that it can. What is in use then is what
 * it keeps; before that it is also what the collector has not come to yet, which says nothing about the program.
 */
process.on('SIGUSR2', () => globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'sync' }))
