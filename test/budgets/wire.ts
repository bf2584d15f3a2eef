import assert from 'node:assert/strict'
import { createMessageRate } from '../../native-host/clients/message-rate.ts'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { AppError } from '../../protocol/errors.ts'
import { createFrameDecoder, encodeFrame } from '../../protocol/framing.ts'
import { parseClientMessage } from '../../protocol/messages.ts'

const frameOf = (body: string) => {
  const frame = Buffer.alloc(4 + Buffer.byteLength(body))
  frame.writeUInt32LE(frame.length - 4)
  frame.write(body, 4)
  return frame
}
const read = (body: string, most: number) => [...createFrameDecoder(most).push(frameOf(body))]
const textOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`

const frames = ({ most }: { most: number }) => {
  assert.equal(read(textOf(most), most).length, 1)
  assert.throws(() => read(textOf(most + 1), most), { code: 'FRAME_TOO_LARGE' })
  assert.equal(encodeFrame('x'.repeat(most - 2), most).length, most + 4)
  assert.throws(() => encodeFrame('x'.repeat(most - 1), most), { code: 'FRAME_TOO_LARGE' })
}

export const wireTrials = {
  messageBurst() {
    const waits = createMessageRate(0)
    for (let n = 0; n < budgets.messageBurst.most; n++) assert.equal(waits(0), 0)
    assert.equal(waits(0), 50)
  },
  messageRate() {
    const { most } = budgets.messageRate
    const waits = createMessageRate(0)
    for (let n = 0; n < budgets.messageBurst.most; n++) waits(0)
    // What is read within a second is refilled; of one more the second has to be over.
    for (let n = 1; n <= most; n++) assert.equal(waits(0), (n * 1000) / most)
    assert.ok(waits(0) > 1000)
  },
  frameIn: () => frames(budgets.frameIn),
  frameOut: () => frames(budgets.frameOut),
  jsonDepth() {
    const { most } = budgets.jsonDepth
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.equal(read(nested(most), 1000).length, 1)
    assert.throws(() => read(nested(most + 1), 1000), { code: 'FRAME_MALFORMED' })
  },
  ownWindows() {
    const { most } = budgets.ownWindows
    const own = { left: 0, top: 0, width: 1, height: 1, state: 'open', private: false }
    const answer = (count: number) =>
      parseClientMessage({ type: 'own-windows', ask: 'a', windows: Array.from({ length: count }, () => own) })
    assert.equal(answer(most).type, 'own-windows')
    assert.throws(() => answer(most + 1), { code: 'MESSAGE_INVALID' })
  },
  errorDetail() {
    const { most } = budgets.errorDetail
    const detailOf = (detail: string) => new AppError('INTERNAL', { detail }).detail
    assert.equal(detailOf('x'.repeat(most)), 'x'.repeat(most))
    assert.equal(detailOf('x'.repeat(most + 1)), `${'x'.repeat(most - 1)}…`)
    assert.equal(detailOf('\n'.repeat(most))?.length, most)
  },
}
