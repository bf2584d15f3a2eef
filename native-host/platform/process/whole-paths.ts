import { parse, resolve } from 'node:path'

/**
 * Where our programs work: the root of the disk that Node is on, as services do. A program keeps its folder busy while it
 * runs, and the one that a person stood in may be on a drive that they want to take out.
 */
export const workingFolder = parse(process.execPath).root

/** Variables that name a file or folder. Those of XDG are not among them: a relative path there is to be ignored. */
const paths = [
  ...['ACTIVITY_TRACKER_HOME', 'XAUTHORITY', 'TMPDIR', 'GNUPGHOME', 'PASSWORD_STORE_DIR'],
  ...['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  ...['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', 'AWS_LOGIN_CACHE_DIRECTORY', 'KRB5_CONFIG'],
] as const

/** Makes relative paths in `env` whole, as seen from where the person stands: what we start stands elsewhere. */
export function makePathsWhole(env: NodeJS.ProcessEnv): void {
  for (const name of paths) {
    const path = env[name]
    if (path) env[name] = resolve(path)
  }
}
