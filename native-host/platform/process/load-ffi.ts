/** Node warns of it as new, on a stderr that people read. What it does here is shown by test/attacks/no-core.test.ts. */
export function loadFfi(): typeof import('node:ffi') {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:ffi')
  } finally {
    process.emitWarning = emitWarning
  }
}
