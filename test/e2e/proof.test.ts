import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import puppeteer, { type Page } from 'puppeteer-core'
import { fillPage } from '../../native-host/adapters/reading/html-page.ts'
import { openDeviceKey } from '../../native-host/adapters/seal/device-key.ts'
import { readIdentities } from '../../native-host/adapters/seal/keys.ts'
import { fingerprintOf } from '../../native-host/proof/fingerprint.ts'
import { readProofPage } from '../../native-host/proof/page-data.ts'
import { type ProofBundle, parseProof } from '../../protocol/proof.ts'
import { readBucket } from '../support/forger.ts'
import { type ForgeryScene, forge, forgeryKinds } from '../support/proof-forger.ts'
import { bundleOf, openedOf } from '../support/proofs.ts'
import { runCli } from '../support/run-cli.ts'
import { canary, workedDays } from '../support/worked-days.ts'

/** From one command on the sender's computer to a browser without a tracker or a network. */
let root: string
let delivered: string
let identity: string
let scene: ForgeryScene
let heads: string
let made: { html: string; path: string; fingerprint: string }

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'at-proof-'))
  const clara = await workedDays(root, 'clara')
  ;({ delivered, identity } = clara)
  heads = (await cli('share', delivered, '--heads')).stdout.trim()
  made = await share('proof.html')
  const bundle = parseProof(readProofPage(made.html)?.data ?? '')
  assert.ok(bundle)
  const opened = await openedOf(await readBucket(delivered), 'clara', await readIdentities(identity))
  scene = {
    bundle,
    forgersKey: await openDeviceKey({ deviceKey: join(root, 'forger', 'device-key.pem') }),
    foreign: bundleOf({ clara: opened }, { from: '2026-11-24' }).devices[0]?.objects ?? [],
  }
})
after(() => rm(root, { recursive: true, force: true }))

function cli(...words: string[]) {
  return runCli(words, { env: { PATH: process.env.PATH, HOME: join(root, 'no home') } })
}

async function share(name: string, ...more: string[]) {
  const path = join(root, name)
  const dates = ['--from', '2026-11-23', '--until', '2026-11-23', '--only', '09:00-09:16']
  const { exit, stdout, stderr } = await cli(
    'share',
    delivered,
    ...dates,
    '--identity',
    identity,
    '--out',
    path,
    ...more,
  )
  assert.equal(exit, 0, stderr)
  assert.match(stderr, /clara: \d+ minutes on 1 day and 2 screenshots\. Withheld: \d+ minutes/)
  return { html: await readFile(path, 'utf8'), path, fingerprint: stdout.trim() }
}

describe('the command', () => {
  test('a proof holds nothing of withheld minutes, and verify says what the page says', async () => {
    assert.ok(!made.html.includes(canary))
    const alone = await cli('verify', made.path)
    assert.equal(alone.exit, 0, alone.stderr)
    assert.match(alone.stdout, /^Nothing in it was changed\. It is shown up to 2026-11-23 09:16:00/)
    assert.doesNotMatch(alone.stdout, /complete/i)
    const received = join(root, 'received.txt')
    await writeFile(received, `> ${heads}\n`)
    const checked = await cli('verify', made.path, '--fingerprint', made.fingerprint.toLowerCase())
    assert.match(checked.stdout, /The fingerprint matches/)
    // The newest head is of the day after: it binds the key, and no record of this proof.
    const bound = await cli('verify', made.path, '--heads', received)
    assert.equal(bound.exit, 0, bound.stdout)
    assert.match(bound.stdout, /newer than the dates of this proof/)
  })

  test('another fingerprint, another page, and no proof at all', async () => {
    const other = await cli('verify', made.path, '--fingerprint', '0000-0000-0000-0000')
    assert.equal(other.exit, 65)
    assert.match(other.stdout, /^The fingerprint does not match/)
    const page = join(root, 'other.html')
    await writeFile(page, made.html.replace('<body>', '<body><p>Complete, and bound for ever.</p>'))
    assert.match((await cli('verify', page)).stdout, /not the one of this version/)
    await writeFile(page, '<html>nothing</html>')
    const none = await cli('verify', page)
    assert.equal(none.exit, 65)
    assert.match(none.stderr, /PROOF_UNREADABLE/)
  })

  test('sealed for its reader, it opens for them alone', async () => {
    const recipient =
      /age1\w+/.exec(await readFile(join(root, 'home of clara', 'recipients.txt'), 'utf8'))?.[0] ?? ''
    const sealed = await share('proof.html.age', '--for', recipient)
    assert.ok(!sealed.html.includes('activity-tracker proof 1'))
    assert.equal((await cli('verify', sealed.path, '--identity', identity)).exit, 0)
    assert.notEqual((await cli('verify', sealed.path)).exit, 0)
  })
})

const browsers = { chrome: '/usr/bin/chromium', firefox: '/usr/bin/firefox' } as const
/** So many of each kind in each browser; the thousand are checked without one. */
const ofEachKind = 1

for (const [name, executablePath] of Object.entries(browsers))
  describe(`the page in ${name}`, () => {
    test('a genuine proof holds, its pictures open, and every forgery is found', {
      timeout: 120_000,
    }, async () => {
      const browser = await puppeteer.launch({
        browser: name === 'chrome' ? 'chrome' : 'firefox',
        executablePath,
        ...(name === 'chrome' && { args: ['--no-sandbox'] }),
      })
      try {
        const page = await browser.newPage()
        const own = await look(page, made.path)
        assert.match(own.verdict, /^Nothing in it was changed\. It is shown up to/)
        assert.equal((await give(page, { fingerprint: made.fingerprint })).tone, 'calm')
        assert.match(await page.$eval('#fingerprint-result', element => element.textContent ?? ''), /matches/)
        await page.$eval('details.gallery summary', element => element.click())
        await page.waitForFunction(() => {
          const [first] = document.querySelectorAll('img')
          return first?.complete && first.naturalWidth > 0
        })
        const unseen: string[] = []
        for (const kind of forgeryKinds) {
          let tried = 0
          for (let seed = 0; tried < ofEachKind && seed < 40; seed++) {
            const forged = forge(scene, kind, seed)
            if (!forged) continue
            tried += 1
            await look(page, await write(forged.bundle))
            if (forged.by === 'fingerprint') await give(page, { fingerprint: made.fingerprint })
            if (forged.by === 'heads') await give(page, { heads: lastHead() })
            const isFound = await page
              .waitForSelector('[data-testid="verdict"][data-tone="stop"]', { timeout: 3000 })
              .then(
                () => true,
                () => false,
              )
            if (!isFound) unseen.push(`${kind} ${seed} by ${forged.by}`)
          }
        }
        assert.deepEqual(unseen, [])
      } finally {
        await browser.close()
      }
    })
  })

/** The head of the last minute of the proof, as it was sent on that day. */
function lastHead(): string {
  const all = scene.bundle.devices.flatMap(({ objects }) =>
    objects.flatMap(object => ('head' in object && object.head?.includes(' records ') ? [object.head] : [])),
  )
  return all.at(-1) ?? ''
}

let written = 0
async function write(bundle: ProofBundle): Promise<string> {
  const template = await readFile(
    join(import.meta.dirname, '../../dist/native-host/pages/proof.html'),
    'utf8',
  )
  const path = join(root, `forged ${written++}.html`)
  await writeFile(path, fillPage(template, bundle))
  return path
}

async function look(page: Page, path: string) {
  await page.goto(pathToFileURL(path).href)
  await page.waitForSelector('[data-testid="verdict"]', { timeout: 20_000 })
  return seen(page)
}

function seen(page: Page) {
  return page.$eval('[data-testid="verdict"]', element => ({
    verdict: element.textContent ?? '',
    tone: element.getAttribute('data-tone'),
  }))
}

async function give(page: Page, given: { fingerprint?: string; heads?: string }) {
  for (const [id, value] of Object.entries(given))
    await page.$eval(
      `#${id}`,
      (element, text) => {
        if (!('value' in element)) return
        element.value = text
        element.dispatchEvent(new Event('input', { bubbles: true }))
      },
      value,
    )
  return seen(page)
}

test('the fingerprint is of the data alone', () => {
  assert.equal(fingerprintOf(hash('sha256', readProofPage(made.html)?.data ?? '')), made.fingerprint)
})
