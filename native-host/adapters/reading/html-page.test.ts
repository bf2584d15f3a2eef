import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fillPage } from './html-page.ts'

const template =
  '<style></style><script type="application/json" id="data">null</script><script>go()</script>\n<!-- pictures -->\n</body>'

async function filled(data: unknown, pictures: Parameters<typeof fillPage>[2] = []): Promise<string> {
  return (await Array.fromAsync(fillPage(template, data, pictures))).join('')
}

const hostile = [
  '</script><script>alert(1)</script>',
  '<!-- <script>',
  ']]>',
  '<!-- pictures -->',
  '<script type="application/json" id="data">null</script>',
  '\u2028\u0000\u001b[31m\ud800',
]
describe('data stay data:', () => {
  for (const text of hostile)
    test(JSON.stringify(text), async () => {
      const page = await filled({ text })
      const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? []
      assert.deepEqual(JSON.parse(json), { text })
      // Of the page's own and no more.
      assert.equal(page.match(/<script/g)?.length, 2)
      assert.equal(page.match(/<\/script/g)?.length, 2)
      assert.doesNotMatch(json, /[<>]/)
    })
})

test('pictures follow one by one, each under the name of its object', async () => {
  let inMemory = 0
  async function* pictures() {
    for (const name of ['a/1.webp.age', 'b"><script>']) {
      inMemory++
      yield { object: name, type: 'image/webp' as const, bytes: new TextEncoder().encode(name) }
      inMemory--
    }
  }
  const parts: string[] = []
  for await (const part of fillPage(template, 1, pictures())) {
    parts.push(part)
    assert.ok(inMemory <= 1)
  }
  assert.deepEqual(parts.slice(-3), [
    '<script type="image/webp;base64" data-object="a/1.webp.age">YS8xLndlYnAuYWdl</script>\n',
    '<script type="image/webp;base64" data-object="b&quot;&gt;&lt;script&gt;">YiI+PHNjcmlwdD4=</script>\n',
    '\n</body>',
  ])
})

test('what is no page of ours is not filled', async () => {
  for (const text of ['', '<p>', template + template])
    await assert.rejects(Array.fromAsync(fillPage(text, 1)), { code: 'NOT_BUILT' })
})
