import type { Secret } from '../kernel/secret.ts'
import type { ProxyVariables } from './route.ts'

export type ProxyLogin = { name: string; password: Secret }

/**
 * The variables that select a proxy. The setting takes precedence over the environment, NO_PROXY included. A login
 * makes the result secret.
 */
export function proxyVariables(
  setting: string,
  login: ProxyLogin | undefined,
  env: ProxyVariables,
): ProxyVariables {
  if (setting === '') return env
  const url = new URL(setting)
  if (login) {
    url.username = encodeURIComponent(login.name)
    url.password = encodeURIComponent(login.password.reveal())
  }
  return { HTTP_PROXY: url.href, HTTPS_PROXY: url.href }
}
