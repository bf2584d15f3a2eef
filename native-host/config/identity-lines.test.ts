import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeOthers, isEncrypted, sortIdentityLines } from './identity-lines.ts'

const isKey = (line: string) => line === 'AGE-SECRET-KEY-1RIGHT'
const ssh = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n# no comment\nAAAA\n-----END OPENSSH PRIVATE KEY-----'

const rows: [what: string, line: string, named: string][] = [
  ['of a plugin', 'AGE-PLUGIN-YUBIKEY-1QQPQQQQQ', 'line 1 is the identity of a plugin'],
  ['post-quantum', 'AGE-SECRET-KEY-PQ-1AAAA', 'line 1 is a post-quantum identity'],
  ['of SSH, in several lines', ssh, 'line 1 is an SSH key'],
  ['of SSH, public', 'ssh-ed25519 AAAA ada@desk', 'line 1 is a public SSH key'],
  ['a recipient', 'age1qqqq', 'line 1 is a recipient, which opens nothing'],
  ['damaged', 'AGE-SECRET-KEY-1WRONG', 'line 1 is an identity that is damaged'],
  ['of GnuPG', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nx\n-----END PGP', 'line 1 is a key of another kind'],
  ['nothing known', 'hunter2', 'line 1 is no identity'],
]
for (const [what, line, named] of rows)
  test(`an identity opens beside a line that is ${what}, which is named without its content`, () => {
    const { keys, others } = sortIdentityLines(`${line}\nAGE-SECRET-KEY-1RIGHT\n`, isKey)
    assert.deepEqual(keys, ['AGE-SECRET-KEY-1RIGHT'])
    assert.deepEqual(others, [named])
  })

test('comments, empty lines, CRLF and a byte order mark are not named', () => {
  const text = '\uFEFF# created: now\r\n\r\nAGE-SECRET-KEY-1RIGHT\r\n'
  assert.deepEqual(sortIdentityLines(text, isKey), { keys: ['AGE-SECRET-KEY-1RIGHT'], others: [] })
})

test('a key that never ends hides what follows it, and is named', () => {
  const { keys, others } = sortIdentityLines('-----BEGIN X-----\nAGE-SECRET-KEY-1RIGHT', isKey)
  assert.deepEqual([keys.length, others.length], [0, 1])
})

test('of many other lines the first few are named', () => {
  const { others } = sortIdentityLines('x\n'.repeat(30), isKey)
  assert.equal(
    describeOthers('f', others),
    'only X25519 identities of age can be used from f: line 1 is no identity, line 2 is no identity, ' +
      'line 3 is no identity, line 4 is no identity, line 5 is no identity, and 25 more',
  )
  assert.equal(describeOthers('f', []), '')
})

test('a file that needs a passphrase is recognised, armored or not', () => {
  assert.equal(isEncrypted('age-encryption.org/v1\n-> scrypt a 18\n'), true)
  assert.equal(isEncrypted('\n-----BEGIN AGE ENCRYPTED FILE-----\n'), true)
  assert.equal(isEncrypted('# age-encryption.org/v1\n'), false)
})
