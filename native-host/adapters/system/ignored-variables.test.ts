import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ignoredVariables } from './ignored-variables.ts'

const endpoint = 'the endpoint setting is used instead'
const inFile = [`endpoint_url in the AWS config file is ignored: ${endpoint}`]
const rows: [name: string, env: Record<string, string>, file: string, said: string[]][] = [
  ['nothing', { AWS_PROFILE: 'x', AWS_ENDPOINT_URL: '' }, '[default]\nregion = x\n', []],
  [
    'variables of every service',
    { AWS_ENDPOINT_URL_SSO_OIDC: 'a', AWS_ENDPOINT_URL: 'secret', AWS_CA_BUNDLE: '/x' },
    '',
    [
      `AWS_ENDPOINT_URL is ignored: ${endpoint}`,
      `AWS_ENDPOINT_URL_SSO_OIDC is ignored: ${endpoint}`,
      'AWS_CA_BUNDLE is ignored: the ca_file setting is used instead',
    ],
  ],
  ['a profile', {}, '[profile work]\nendpoint_url = http://a\n', inFile],
  ['a section of services', {}, '[services s]\ns3 =\n  endpoint_url = http://a\n', inFile],
]
for (const [name, env, file, said] of rows) {
  test(`of ${name} it is said that it leads nowhere else: ${said.length}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'at-'))
    try {
      const AWS_CONFIG_FILE = join(folder, 'config')
      if (file !== '') writeFileSync(AWS_CONFIG_FILE, file)
      assert.deepEqual(ignoredVariables({ ...env, AWS_CONFIG_FILE }), said)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}
