import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeText } from './decode-text.ts'

const text = '[settings]\r\nprefix = größe\r\n'
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16()

const rows: [encoding: string, bytes: Uint8Array][] = [
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
  ['UTF-16LE with a mark, as Notepad and PowerShell write it', Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16BE with a mark', swapped(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
  ['UTF-16LE without a mark', Buffer.from(text, 'utf16le')],
  ['UTF-16BE without a mark', swapped(Buffer.from(text, 'utf16le'))],
]
for (const [encoding, bytes] of rows) test(encoding, () => assert.equal(decodeText(bytes), text))

test('bytes that are not text are still decoded', () => {
  for (const bytes of [[], [0], [0, 0], [0xff, 0xfe], [0xff, 0xfe, 0xd8], [0xc3, 0x28]])
    assert.equal(typeof decodeText(Uint8Array.from(bytes)), 'string')
})
