import type { TestStep } from '../../protocol/connection-check.ts'
import type { ErrorCode } from '../../protocol/errors.ts'

/**
 * Everything that can be wrong on the way to the storage and that the tracker tells apart. network.test.ts brings
 * each of them about for real; docs/errors.md is made from the same table.
 */
export type NetworkCase = {
  /** How the test brings it about. */
  how: string
  /** Where the walk stops. */
  step: TestStep
  code: ErrorCode
  detail: RegExp
  /** What an upload says; the same code unless only one of them can know. */
  upload?: ErrorCode | 'arrives'
}

export const networkCases = {
  'no network': {
    how: 'a network namespace whose only interface is down',
    step: 'link',
    code: 'NETWORK_NONE',
    detail: /^$/,
  },
  'a cable that is pulled': {
    how: 'a veth pair whose other end is down: no carrier, and address and route are kept',
    step: 'link',
    code: 'NETWORK_NONE',
    detail: /^$/,
  },
  'an unknown name': {
    how: 'a name server that answers NXDOMAIN',
    step: 'dns',
    code: 'DNS_UNKNOWN',
    detail: /^s3\.example\.test:80 \(ENOTFOUND\)$/,
  },
  'a name service that is silent': {
    how: 'a name server that never answers',
    step: 'dns',
    code: 'DNS_SILENT',
    detail: /^s3\.example\.test:80 \(no answer in time\)$/,
  },
  'a name service in trouble': {
    how: 'a name server that answers SERVFAIL',
    step: 'dns',
    code: 'DNS_SILENT',
    detail: /^s3\.example\.test:80 \(EAI_AGAIN\)$/,
  },
  'a proxy of another kind': {
    how: 'ALL_PROXY names a SOCKS proxy',
    step: 'settings',
    code: 'PROXY_UNUSABLE',
    detail: /^ALL_PROXY names a proxy of type socks5h$/,
  },
  'a proxy that is not there': {
    how: 'HTTPS_PROXY names a port on which no program listens',
    step: 'proxy',
    code: 'PROXY_UNREACHABLE',
    detail: /^proxy\.example\.test:3999 \(ECONNREFUSED\)$/,
  },
  'a proxy behind a firewall': {
    how: 'nft drops what goes to the port of the proxy',
    step: 'proxy',
    code: 'PROXY_UNREACHABLE',
    detail: /^proxy\.example\.test:3128 \(no answer in time\)$/,
  },
  'a proxy that wants a login': {
    how: 'squid with a password file; an https endpoint, so it is asked for a tunnel',
    step: 'proxy',
    code: 'PROXY_LOGIN_NEEDED',
    detail: /^proxy\.example\.test:3129 answers 407 for s3\.example\.test:443$/,
  },
  'a proxy that wants a login, for http': {
    how: 'the same squid; an http endpoint, so it is asked for the page itself',
    step: 'proxy',
    code: 'PROXY_LOGIN_NEEDED',
    detail: /^proxy\.example\.test:3129 answers 407 for s3\.example\.test:80$/,
  },
  'a proxy that forbids the storage': {
    how: 'squid with a rule against it; an https endpoint',
    step: 'proxy',
    code: 'PROXY_FORBIDS',
    detail: /^proxy\.example\.test:3130 answers 403 for s3\.example\.test:443$/,
  },
  'a proxy that forbids the storage, for http': {
    how: 'the same rule; an http endpoint',
    step: 'proxy',
    code: 'PROXY_FORBIDS',
    detail: /^proxy\.example\.test:3130 answers 403 for s3\.example\.test:80$/,
  },
  'a proxy that does not get through': {
    how: 'squid, and a port behind it on which no program listens',
    step: 'proxy',
    code: 'PROXY_FAILED',
    detail: /^proxy\.example\.test:3128 answers 50[34] for s3\.example\.test:9443$/,
  },
  'a firewall that drops': {
    how: 'nft drop',
    step: 'tcp',
    code: 'PORT_DROPPED',
    detail: /^s3\.example\.test:80 \(no answer in time\)$/,
  },
  'a firewall that resets': {
    how: 'nft reject with tcp reset',
    step: 'tcp',
    code: 'PORT_REFUSED',
    detail: /^s3\.example\.test:80 \(ECONNREFUSED\)$/,
  },
  'a closed port': {
    how: 'a port on which no program listens',
    step: 'tcp',
    code: 'PORT_REFUSED',
    detail: /^s3\.example\.test:9000 \(ECONNREFUSED\)$/,
  },
  'a firewall that says that it is not allowed': {
    how: 'nft reject with icmp type admin-prohibited',
    step: 'tcp',
    code: 'PORT_REJECTED',
    detail: /^s3\.example\.test:80 \(EHOSTUNREACH\)$/,
  },
  'a network without a way there': {
    how: 'nft reject with icmp type net-unreachable',
    step: 'tcp',
    code: 'PORT_REJECTED',
    detail: /^s3\.example\.test:80 \(ENETUNREACH\)$/,
  },
  'a filter that cuts the connection off': {
    how: 'a server that resets the connection after the first bytes of TLS',
    step: 'tls',
    code: 'CONNECTION_CUT',
    detail: /^cut\.example\.test:443 \(ECONNRESET\)$/,
  },
  'a connection that stands still': {
    how: 'a server that accepts connections and never says a word',
    step: 'http',
    code: 'CONNECTION_STALLED',
    detail: /^stall\.example\.test:80 \(no answer in time\)$/,
  },
  'a filter that opens TLS': {
    how: 'an interceptor whose CA is made for the test and trusted by no program',
    step: 'tls',
    code: 'TLS_INTERCEPTED',
    detail: /^intercepted\.example\.test:443, its certificate is from “Example Web Filter CA”$/,
  },
  'a certificate that has run out': {
    how: 'a server with a certificate of last year, of a CA that ca_file names',
    step: 'tls',
    code: 'TLS_CERTIFICATE_INVALID',
    detail:
      /^expired\.example\.test:443, valid from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d \(CERT_HAS_EXPIRED\)$/,
  },
  'a certificate for another name': {
    how: 'a server with a certificate for s3.example.test under another name',
    step: 'tls',
    code: 'TLS_CERTIFICATE_INVALID',
    detail: /^other-name\.example\.test:443 \(ERR_TLS_CERT_ALTNAME_INVALID\)$/,
  },
  'a clock years behind': {
    how: 'libfaketime: the certificate is not yet valid, and the server says what time it is',
    step: 'tls',
    code: 'UPLOAD_CLOCK_WRONG',
    detail: /^the clock of this computer is \d+ days slow$/,
  },
  'a clock 20 minutes ahead': {
    how: 'libfaketime, and an S3 server that says what time it is',
    step: 'http',
    code: 'UPLOAD_CLOCK_WRONG',
    detail: /^the clock of this computer is 20 minutes fast$/,
  },
  'a login page that everything is led to': {
    how: 'a name server that leads every name to a portal, which answers 302',
    step: 'http',
    code: 'CAPTIVE_PORTAL',
    detail: /^s3\.example\.test:80 answers 302 text\/html and leads to http:\/\/login\.example\.test$/,
  },
  'a login page in place of everything': {
    how: 'the same with a portal that answers 200 and its page',
    step: 'http',
    code: 'CAPTIVE_PORTAL',
    detail: /^s3\.example\.test:80 answers 200 text\/html/,
  },
  'a login page of the newer kind': {
    how: 'the same with a portal that answers 511 (RFC 6585)',
    step: 'http',
    code: 'CAPTIVE_PORTAL',
    detail: /^s3\.example\.test:80 answers 511 text\/html$/,
  },
  'a page of a filter': {
    how: 'a server that answers 403 with a page',
    step: 'http',
    code: 'FILTERED',
    detail: /^filtered\.example\.test:80 answers 403 text\/html from Example Web Filter$/,
  },
  'a web server': {
    how: 'a server that answers 404 with a page',
    step: 'http',
    code: 'UPLOAD_NOT_S3',
    detail: /^web\.example\.test:80 answers 404 text\/html from nginx$/,
  },
  'a server of something else': {
    how: 'a server that greets as SSH does',
    step: 'http',
    code: 'UPLOAD_NOT_S3',
    detail: /^ssh\.example\.test:80 \(HPE_INVALID_CONSTANT\)$/,
  },
  'https to a server without it': {
    how: 'an https endpoint at the port where the S3 server speaks http',
    step: 'tls',
    code: 'UPLOAD_NOT_S3',
    detail: /^s3\.example\.test:80 \((EPROTO|ERR_SSL_\w+)\)$/,
  },
  'no credentials': {
    how: 'credentials from an environment that has none',
    step: 's3',
    code: 'UPLOAD_NO_CREDENTIALS',
    detail: /^$/,
  },
  'an unknown access key': {
    how: 'radosgw, and a key of none of its users',
    step: 's3',
    code: 'UPLOAD_KEY_UNKNOWN',
    detail: /^403 InvalidAccessKeyId$/,
  },
  'a secret of another key': {
    how: 'radosgw, and the secret of another user',
    step: 's3',
    code: 'UPLOAD_SIGNATURE_WRONG',
    detail: /^403 SignatureDoesNotMatch$/,
  },
  'credentials that have expired': {
    how: 'a server that answers to signed requests as AWS does after the end of a session',
    step: 's3',
    code: 'UPLOAD_CREDENTIALS_EXPIRED',
    detail: /^400 ExpiredToken; renew them at their source$/,
  },
  'no right to put objects': {
    how: 'radosgw, and a user without any right in the bucket',
    step: 's3',
    code: 'UPLOAD_DENIED',
    detail: /^s3:PutObject on records\/\S+ \(403 AccessDenied\)$/,
  },
  'no right to abort uploads': {
    how: 'radosgw, and a policy that allows s3:PutObject and denies s3:AbortMultipartUpload',
    step: 's3',
    code: 'UPLOAD_DENIED',
    detail: /^s3:AbortMultipartUpload on limited\/\S+ \(403 AccessDenied\)$/,
    upload: 'arrives',
  },
  'no such bucket': {
    how: 'radosgw, and a bucket that does not exist',
    step: 's3',
    code: 'UPLOAD_NO_BUCKET',
    detail: /^nowhere \(404 NoSuchBucket\)$/,
  },
  'another region': {
    how: 'a server that reads the region in the signature as AWS does; radosgw accepts any',
    step: 's3',
    code: 'UPLOAD_WRONG_REGION',
    detail: /^its region is eu-central-1 \(400 AuthorizationHeaderMalformed\)$/,
  },
  'another region, by redirect': {
    how: 'a server that answers 301 with x-amz-bucket-region as AWS does',
    step: 's3',
    code: 'UPLOAD_WRONG_REGION',
    detail: /^its region is eu-central-1 \(301 PermanentRedirect\)$/,
  },
  'a quota that is used up': {
    how: 'radosgw, and a bucket with a quota of one kilobyte',
    step: 's3',
    code: 'UPLOAD_STORAGE_FULL',
    detail: /^403 QuotaExceeded$/,
  },
  'a slow network': {
    how: 'tc tbf at 200 kbit/s',
    step: 's3',
    code: 'UPLOAD_SLOW',
    detail: /^[\d.]+ kB\/s$/,
    upload: 'arrives',
  },
  'a storage that is busy': {
    how: 'a server that answers to signed requests with 503 SlowDown',
    step: 's3',
    code: 'UPLOAD_BUSY',
    detail: /^503 SlowDown$/,
  },
  'a storage in trouble': {
    how: 'a server that answers to signed requests with 500 InternalError',
    step: 's3',
    code: 'UPLOAD_SERVER_ERROR',
    detail: /^500 InternalError$/,
  },
  'a gateway without its server': {
    how: 'a server that answers 502 to everything',
    step: 'http',
    code: 'UPLOAD_SERVER_ERROR',
    detail: /^gateway\.example\.test:80 answers 502 text\/html$/,
  },
  'a CA file that is not there': {
    how: 'ca_file names a file that does not exist',
    step: 'settings',
    code: 'FILE_UNREADABLE',
    detail: /^\/nonexistent\/ca\.pem$/,
  },
  'a folder that is not there': {
    how: 'a folder on a drive that is not plugged in',
    step: 'folder',
    code: 'DELIVERY_FOLDER_MISSING',
    detail: /\/unplugged$/,
  },
  'a folder that cannot be written': {
    how: 'a tmpfs that is mounted read-only',
    step: 'folder',
    code: 'DELIVERY_FOLDER_NOT_WRITABLE',
    detail: /\/read-only$/,
  },
} as const satisfies Record<string, NetworkCase>
export type CaseName = keyof typeof networkCases
