import type { Secret } from '../kernel/secret.ts'
import type { ProxyVariables } from './route.ts'

export type ProxyLogin = { name: string; password: Secret }

/**
 * The variables that lead to a proxy. The setting wins over those of the environment, NO_PROXY included; a login makes the
 * result secret.
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
