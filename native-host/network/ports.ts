import type { Route } from './route.ts'

export type Network = {
  /** Whether the connection is paid for by volume, as far as the system knows. Not knowing is no. */
  metered(): Promise<boolean>
  /**
   * Calls `onChange` when the reachable networks may have changed, such as a cable plugged in or a network joined,
   * until `signal` aborts. Notices within some seconds, and costs something: watch only while waiting for it.
   */
  watch(onChange: () => void, signal: AbortSignal): void
}

/**
 * Tests single steps of the route to a server, each from the beginning and without the connections of another step.
 * Each returns its finding in words for people, such as an address or the issuer of a certificate.
 * All throw AppErrors that name the first problem, and the signal's reason when it aborts.
 */
export type NetworkProbe = {
  /** @throws AppError NETWORK_NONE */
  findLink(way: BucketRoute, signal: AbortSignal): Promise<string>
  /**
   * Looks up the proxy when there is one: the proxy looks up everything else. @throws AppError DNS_* |
   * NETWORK_NONE
   */
  lookUpName(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** Only for a route with a proxy. @throws AppError PROXY_* */
  reachProxy(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** @throws AppError PORT_* */
  connect(way: BucketRoute, signal: AbortSignal): Promise<string>
  /** @throws AppError TLS_* | CONNECTION_* | UPLOAD_CLOCK_WRONG | UPLOAD_NOT_S3 */
  encrypt(way: BucketRoute, signal: AbortSignal): Promise<string>
  /**
   * Sends a request without credentials to identify the server. @throws AppError CAPTIVE_PORTAL | FILTERED |
   * UPLOAD_* | CONNECTION_*
   */
  askServer(way: BucketRoute, signal: AbortSignal): Promise<string>
}

/** How a bucket is reached. */
export type BucketRoute = {
  address: URL
  route: Route
  /** In PEM, when other than the usual ones are trusted. */
  authorities: readonly string[] | undefined
}

/** A destination as the settings describe it, for tests and not for deliveries. */
export type DestinationCheck = {
  readonly where: string
  /** Tries everything that delivery needs, and leaves nothing behind. @throws as Destination.put, UPLOAD_SLOW */
  tryOut(signal: AbortSignal): Promise<string>
} & (
  | { readonly kind: 'folder' }
  | {
      readonly kind: 's3'
      /**
       * The destination of the settings. @throws AppError FILE_UNREADABLE and the like: a file that they name
       * is missing
       */
      findRoute(): Promise<BucketRoute>
    }
)
