import type { Route } from './route.ts'

export type Network = {
  /** Whether the connection is paid for by volume, as far as the system knows. Not knowing is no. */
  metered(): Promise<boolean>
  /**
   * Calls `onChange` when what this computer can reach may have changed, such as a cable plugged in or a network
   * joined, until `signal` aborts. Notices within some seconds, and costs something: watch only while waiting for it.
   */
  watch(onChange: () => void, signal: AbortSignal): void
}

/**
 * Looks at one step of the way to a server, each from the beginning and without what another step has opened. What a
 * look finds is said in words for people, such as an address or the issuer of a certificate.
 * All throw AppErrors that name the first thing that is wrong, and the signal's reason when it aborts.
 */
export type NetworkProbe = {
  /** @throws AppError NETWORK_NONE */
  findLink(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** Of the proxy, when there is one: it looks up everything else. @throws AppError DNS_* | NETWORK_NONE */
  lookUpName(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** Only for a way with a proxy. @throws AppError PROXY_* */
  reachProxy(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** @throws AppError PORT_* */
  connect(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** @throws AppError TLS_* | CONNECTION_* | UPLOAD_CLOCK_WRONG | UPLOAD_NOT_S3 */
  encrypt(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** Asks without credentials who is there. @throws AppError CAPTIVE_PORTAL | FILTERED | UPLOAD_* | CONNECTION_* */
  askServer(way: BucketRoute, signal: AbortSignal): Promise<string>
}

/** How a bucket is reached. */
export type BucketRoute = {
  address: URL
  route: Route
  /** In PEM, when others than the usual ones are trusted. */
  authorities: readonly string[] | undefined
}

/** A destination as the settings say it, to be looked at and not to be delivered to. */
export type DestinationCheck = {
  readonly where: string
  /** What delivering needs, tried so that nothing stays behind. @throws as Destination.put, UPLOAD_SLOW */
  tryOut(signal: AbortSignal): Promise<string>
} & (
  | { readonly kind: 'folder' }
  | {
      readonly kind: 's3'
      /** What the settings make of it. @throws AppError FILE_UNREADABLE and the like: what they name is not there */
      findRoute(): Promise<BucketRoute>
    }
)
