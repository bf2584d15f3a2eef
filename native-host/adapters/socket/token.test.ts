import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ensureToken, isProof, newNonce, prove, readToken } from './token.ts'

async function createWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'at-'))
  return {
    folder,
    path: join(folder, 'home', 'token'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

test('a token is 32 bytes for this user only, and stays the same', async () => {
  await using world = await createWorld()
  const token = await ensureToken(world.path)
  assert.equal(token.length, 32)
  assert.equal((await stat(world.path)).mode & 0o777, 0o600)
  assert.deepEqual(await ensureToken(world.path), token)
  assert.deepEqual(await readToken(world.path), token)
  await using other = await createWorld()
  assert.notDeepEqual(await ensureToken(other.path), token)
})

const untrusted: [name: string, prepare: (path: string) => Promise<void>][] = [
  [
    'that others may read',
    async path => {
      await writeFile(path, Buffer.alloc(32, 1))
      await chmod(path, 0o644)
    },
  ],
  ['that is too short', path => writeFile(path, Buffer.alloc(31), { mode: 0o600 })],
  [
    'that is a link',
    async path => {
      await writeFile(`${path}.elsewhere`, Buffer.alloc(32, 1), { mode: 0o600 })
      await symlink(`${path}.elsewhere`, path)
    },
  ],
  ['that is a folder', path => mkdir(join(path, 'x'), { recursive: true }).then()],
]
for (const [name, prepare] of untrusted)
  test(`a token ${name} is none: clients do not trust it, and the agent makes another`, async () => {
    await using world = await createWorld()
    await mkdir(join(world.folder, 'home'))
    await prepare(world.path)
    await assert.rejects(readToken(world.path), { code: 'AGENT_NOT_TRUSTED' })
    const token = await ensureToken(world.path)
    assert.notDeepEqual(token, Buffer.alloc(32, 1))
    assert.deepEqual(await readFile(world.path), Buffer.from(token))
  })

test('a proof is of one side, one token and two nonces', () => {
  const token = Buffer.alloc(32, 1)
  const nonces = { client: newNonce(), agent: newNonce() }
  const proof = prove('agent', token, nonces)
  assert.equal(isProof(proof, 'agent', token, nonces), true)
  assert.equal(isProof(proof, 'client', token, nonces), false)
  assert.equal(isProof(proof, 'agent', Buffer.alloc(32, 2), nonces), false)
  assert.equal(isProof(proof, 'agent', token, { ...nonces, agent: newNonce() }), false)
  assert.equal(isProof(proof, 'agent', token, { ...nonces, client: newNonce() }), false)
  assert.equal(isProof(proof, 'agent', token, { client: nonces.agent, agent: nonces.client }), false)
})
