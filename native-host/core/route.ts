import { Secret } from './secret.ts'

/** The way to a server: to it, or to a proxy that passes everything on. */
export type Route = {
  target: Place
  proxy: ProxyPlace | undefined
}

/** `host` is a name or an address without brackets. */
export type Place = { host: string; port: number; encrypted: boolean }
export type ProxyPlace = Place & { authorization: Secret | undefined }

/** The variables that name a proxy; lower case counts first, as everywhere. */
export type ProxyVariables = { readonly [name: string]: string | undefined }

/** As Node's agents go there when they are given the same variables. */
export function routeTo(address: URL, env: ProxyVariables): Route {
  const target = placeOf(address)
  const named = target.encrypted ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY
  const url = named !== undefined && /^https?:\/\//.test(named) ? URL.parse(named) : null
  if (url === null || isExempt(target, env.no_proxy || env.NO_PROXY || ''))
    return { target, proxy: undefined }
  const { username, password } = url
  const authorization =
    username === '' && password === ''
      ? undefined
      : new Secret(`Basic ${base64(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)}`)
  return { target, proxy: { ...placeOf(url), authorization } }
}

/** `host:port`, as people write it. */
export function showPlace({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function placeOf({ hostname, port, protocol }: URL): Place {
  const encrypted = protocol === 'https:'
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  return { host, port: port === '' ? (encrypted ? 443 : 80) : Number(port), encrypted }
}

function isExempt({ host, port }: Place, list: string): boolean {
  const name = host.toLowerCase()
  return list
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => {
      if (entry === '*' || entry === name || entry === `${name}:${port}`) return true
      if (entry.startsWith('.')) return name === entry.slice(1) || name.endsWith(entry)
      if (entry.startsWith('*.')) return name.endsWith(entry.slice(1))
      return isInRange(name, entry)
    })
}

/** Such as 192.168.1.0-192.168.1.255. */
function isInRange(host: string, entry: string): boolean {
  const [at, from, to] = [host, ...entry.split('-')].map(numberOfIpv4)
  return at !== undefined && from !== undefined && to !== undefined && from <= at && at <= to
}

function numberOfIpv4(text: string): number | undefined {
  const octets = /^\s*(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\s*$/.exec(text)?.slice(1).map(Number)
  if (octets === undefined || octets.some(octet => octet > 255)) return undefined
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** Of the UTF-8 bytes; `btoa` takes one byte a character. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
