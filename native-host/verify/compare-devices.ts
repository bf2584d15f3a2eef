import { keysOf } from './check-keys.ts'

/** Findings that need all devices together. */
export type SetFinding =
  /** A key was given, and nothing here is signed with it. */
  | { kind: 'device-missing'; key: string }
  /** One key is one history: it ended under one name and was begun anew under another. In the order of time. */
  | { kind: 'history-begun-anew'; key: string; devices: string[] }

type Device = { device: string | undefined; keys: readonly string[]; from: string | undefined }

export function compareDevices(devices: readonly Device[], given: readonly string[]): SetFinding[] {
  const signers = devices
    .flatMap(({ device, keys, from = '' }) =>
      device === undefined ? [] : keys.map(key => ({ key, device, from })),
    )
    .sort((one, other) => (one.from < other.from ? -1 : 1))
  const missing = given.flatMap(keysOf).filter(key => !signers.some(signer => signer.key === key))
  return [
    ...[...new Set(missing)].map(key => ({ kind: 'device-missing' as const, key })),
    ...[...Map.groupBy(signers, ({ key }) => key)].flatMap(([key, own]) => {
      const names = [...new Set(own.map(({ device }) => device))]
      return names.length > 1 ? [{ kind: 'history-begun-anew' as const, key, devices: names }] : []
    }),
  ]
}
