import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { readIdentities } from '../../native-host/adapters/seal/keys.ts'
import type { SignedHead } from '../../native-host/journal/chain-head.ts'
import { parseSignedHead } from '../../native-host/journal/sealed-head.ts'
import { fingerprintOf } from '../../native-host/proof/fingerprint.ts'
import type { ProofBundle } from '../../protocol/proof.ts'
import { readBucket } from '../support/forger.ts'
import { eventfulHistory, grownHistory } from '../support/genuine-history.ts'
import { type ForgeryScene, forge, forgeryKinds } from '../support/proof-forger.ts'
import { bundleOf, check, openedOf } from '../support/proofs.ts'
import { canary, workedDays } from '../support/worked-days.ts'

/**
 * A forger between the sender of a proof and its reader, with genuine proofs: of a worked week, whole and in part, of a
 * history with crashes, and of one that began with old trackers.
 */
let root: string
const genuine = new Map<string, ProofBundle>()
const scenes: ForgeryScene[] = []

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'at-proof-forger-'))
  const [anna, boris, clara] = [
    await eventfulHistory(root, 'anna'),
    await grownHistory(root, 'boris'),
    await workedDays(root, 'clara'),
  ]
  const bucket = await readBucket(clara.delivered)
  const open = async (device: string, identity: string) =>
    openedOf(bucket, device, await readIdentities(identity))
  const opened = {
    anna: await open('anna', anna.identity),
    boris: await open('boris', boris.identity),
    clara: await open('clara', clara.identity),
  }
  const { anna: a, boris: b, clara: c } = opened
  genuine.set('whole', bundleOf({ clara: c }))
  genuine.set('some hours', bundleOf({ clara: c }, { only: ['07:00-07:34', '09:00-09:16'] }))
  genuine.set('without pictures', bundleOf({ clara: c }, { screenshots: false }))
  genuine.set('crashes', bundleOf({ anna: a }))
  genuine.set('a part of a minute', bundleOf({ anna: a }, { only: ['23:55-23:57', '00:00-00:02'] }))
  genuine.set('old trackers', bundleOf({ boris: b }))
  genuine.set('three devices', bundleOf(opened))
  const forgersKey = await openDeviceKey({ deviceKey: join(root, 'forger', 'device-key.pem') })
  const others = (own: string) =>
    Object.entries(opened)
      .filter(([device]) => device !== own)
      .flatMap(([device, objects]) => bundleOf({ [device]: objects }).devices[0]?.objects ?? [])
      .filter(object => 'sealed' in object || object.head !== undefined)
  for (const [name, bundle] of genuine) {
    const own = bundle.devices.length === 1 ? (bundle.devices[0]?.device ?? '') : ''
    if (name !== 'three devices') scenes.push({ bundle, forgersKey, foreign: others(own) })
  }
})
after(() => rm(root, { recursive: true, force: true }))

/** As their sender passed them on while the work was done: the head of the last segment of each device. */
function headsOf(bundle: ProofBundle): SignedHead[] {
  return bundle.devices.flatMap(({ objects }) => {
    const heads = objects.flatMap(object =>
      'head' in object && object.head ? (parseSignedHead(object.head) ?? []) : [],
    )
    return heads.findLast(head => head.form === 1 || head.kind === 'records') ?? []
  })
}

const fingerprint = (bundle: ProofBundle) => fingerprintOf(hash('sha256', JSON.stringify(bundle)))

describe('genuine proofs', () => {
  test('nothing is found in any of them, and each is bound by the heads that were passed on', async () => {
    for (const [name, bundle] of genuine) {
      assert.deepEqual(
        (await check(bundle)).devices.flatMap(device => device.findings),
        [],
        name,
      )
      const { found, devices } = await check(bundle, headsOf(bundle))
      assert.equal(found, 0, name)
      for (const { boundTo, shownTo } of devices) assert.equal(boundTo, shownTo, name)
    }
  })

  test('of withheld minutes they hold no word and no time', () => {
    const [whole, some] = [JSON.stringify(genuine.get('whole')), JSON.stringify(genuine.get('some hours'))]
    assert.ok(whole.includes(canary))
    assert.ok(!some.includes(canary))
    assert.ok(whole.includes('T07:58:'))
    const times = some.match(/2026-11-23T0(?:7:|8:1[7-9]|8:16:0*[1-9]|9).{8}/g)
    assert.deepEqual(times, null)
  })

  test('without heads of earlier none of them is bound', async () => {
    for (const bundle of genuine.values())
      assert.ok((await check(bundle)).devices.every(({ boundTo }) => boundTo === undefined))
  })
})

/** So many of each kind that all together are a thousand. */
const ofEachKind = Math.ceil(1000 / forgeryKinds.length)
const most = 20 * ofEachKind

describe('a thousand forgeries', () => {
  for (const kind of forgeryKinds)
    test(kind, async () => {
      const unseen: string[] = []
      let tried = 0
      for (let seed = 0; tried < ofEachKind && seed < most; seed++) {
        const scene = scenes[seed % scenes.length]
        const forged = scene && forge(scene, kind, seed)
        if (!scene || !forged) continue
        tried += 1
        const sent = fingerprint(scene.bundle) === fingerprint(forged.bundle)
        const alone = await check(forged.bundle)
        const heads = forged.by === 'itself' ? undefined : await check(forged.bundle, headsOf(scene.bundle))
        const seen = {
          itself: alone.found > 0,
          heads: (heads?.found ?? 0) > 0,
          fingerprint: !sent,
        }[forged.by]
        if (!seen || sent) unseen.push(`${kind} ${seed}, scene ${seed % scenes.length}, by ${forged.by}`)
        if (alone.devices.some(({ boundTo }) => boundTo !== undefined))
          unseen.push(`${kind} ${seed} is called bound`)
      }
      assert.equal(tried, ofEachKind)
      assert.deepEqual(unseen, [])
    })
})
