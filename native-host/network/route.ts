import { AppError } from '../../protocol/errors.ts'
import { Secret } from '../kernel/secret.ts'
import { isExempt } from './no-proxy.ts'

/** The route to a server: direct, or through a proxy that forwards everything. */
export type Route = {
  target: Place
  proxy: ProxyPlace | undefined
}

/** `host` is a name or an address without brackets. */
export type Place = { host: string; port: number; encrypted: boolean }
export type ProxyPlace = Place & { authorization: Secret | undefined }

/** The variables that name a proxy and the exempt hosts. */
export type ProxyVariables = { readonly [name: string]: string | undefined }

/**
 * The order of precedence: lower case first, as in other tools; an empty one is ignored. curl ignores
 * HTTP_PROXY, because a web server sets variables of that form for CGI programs; other tools read it, and
 * this is no CGI program.
 */
const variables = {
  http: ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const

/** @throws AppError PROXY_UNUSABLE for a proxy that cannot be used: nothing bypasses it silently */
export function routeTo(address: URL, env: ProxyVariables): Route {
  const target = placeOf(address)
  const name = variables[target.encrypted ? 'https' : 'http'].find(each => env[each])
  const named = name === undefined ? undefined : env[name]
  if (name === undefined || named === undefined || isExempt(target, env.no_proxy || env.NO_PROXY || ''))
    return { target, proxy: undefined }
  return { target, proxy: parseProxy(named.trim(), name) }
}

/** As curl: an address without a scheme is one of http. An error about it holds no password. */
function parseProxy(text: string, name: string): ProxyPlace {
  const scheme = /^([a-z][a-z0-9+.-]{0,20}):\/\//i.exec(text)?.[1]?.toLowerCase() ?? 'http'
  if (scheme !== 'http' && scheme !== 'https')
    throw new AppError('PROXY_UNUSABLE', { detail: `${name} names a proxy of type ${scheme}` })
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  // A # or ? belongs to a password that was not written as %23 or %3F; the text before it is no host.
  if (url === null || url.hostname === '' || url.hash !== '' || url.search !== '')
    throw new AppError('PROXY_UNUSABLE', { detail: `${name} does not contain an address` })
  const { username, password } = url
  const authorization =
    username === '' && password === ''
      ? undefined
      : new Secret(`Basic ${base64(`${decoded(username)}:${decoded(password)}`)}`)
  return { ...placeOf(url), authorization }
}

/** A lone % stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
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

/** Of the UTF-8 bytes; `btoa` takes one byte a character. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
