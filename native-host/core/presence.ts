/**
 * Whether a person seems to be at the computer. Idle says only that nothing was typed, clicked or moved: reading
 * and talking look the same. `unknown` is said while input cannot be seen, because that is not the same as none.
 */
export function presenceOf(seen: {
  inputVisible: boolean
  msSinceLastEvent: number
  idleAfterMs: number
}): 'active' | 'idle' | 'unknown' {
  if (!seen.inputVisible) return 'unknown'
  return seen.msSinceLastEvent < seen.idleAfterMs ? 'active' : 'idle'
}
