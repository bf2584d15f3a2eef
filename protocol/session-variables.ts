import * as v from 'valibot'

/** What of an environment says which session of the desktop a program belongs to, and nothing else of it. */
export const sessionVariableNames = [
  'DISPLAY',
  'XAUTHORITY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'XDG_SESSION_TYPE',
  'XDG_CURRENT_DESKTOP',
  'DBUS_SESSION_BUS_ADDRESS',
] as const
export type SessionVariables = { [K in (typeof sessionVariableNames)[number]]?: string | undefined }

const value = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000), v.regex(/^[^\p{Cc}]+$/u)))

export const sessionVariablesSchema = v.object({
  DISPLAY: value,
  XAUTHORITY: value,
  WAYLAND_DISPLAY: value,
  XDG_RUNTIME_DIR: value,
  XDG_SESSION_TYPE: value,
  XDG_CURRENT_DESKTOP: value,
  DBUS_SESSION_BUS_ADDRESS: value,
})
