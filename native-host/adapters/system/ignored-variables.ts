import { homedir } from 'node:os'
import { join } from 'node:path'
import { decodeText } from '../../config/decode-text.ts'
import { budgets } from '../../kernel/budgets.ts'
import { parseIni } from '../../kernel/ini.ts'
import { readFileWithin } from '../../platform/files/read-within.ts'
import { unsafeFolders } from '../../platform/process/safe-path.ts'

/** What leads the AWS tools elsewhere and not the tracker: its settings alone say where uploads go. */
const ignored: [pattern: RegExp, insteadOfIt: string][] = [
  [/^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/, 'the endpoint setting is used instead'],
  [/^AWS_CA_BUNDLE$/, 'the ca_file setting is used instead'],
]

/** Names only, with what counts instead: a value may hold anything. */
export function ignoredVariables(env: NodeJS.ProcessEnv): string[] {
  const names = Object.keys(env).filter(name => env[name])
  return [
    ...ignored.flatMap(([pattern, instead]) =>
      names
        .filter(name => pattern.test(name))
        .sort()
        .map(name => `${name} is ignored: ${instead}`),
    ),
    ...(namesEndpoint(env)
      ? ['endpoint_url in the AWS config file is ignored: the endpoint setting is used instead']
      : []),
    ...unsafeFolders(env.PATH).map(
      ({ folder, why }) => `programs in ${folder || 'an empty name'} on the PATH are not used: it ${why}`,
    ),
  ]
}

/** In a profile or, indented below a service, in a section of services. */
function namesEndpoint(env: NodeJS.ProcessEnv): boolean {
  try {
    const path = env.AWS_CONFIG_FILE || join(homedir(), '.aws', 'config')
    const { sections } = parseIni(decodeText(readFileWithin(path, budgets.awsFile.most)))
    return [...sections.values()].some(section => section.has('endpoint_url'))
  } catch {
    return false
  }
}
