import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/**
 * What a name server says to a name: an address, that the name is unknown, that it has trouble, or nothing.
 */
export type NameAnswer = { address: string } | 'nobody knows' | 'trouble' | 'silence'

/** A name server (RFC 1035) for addresses of version 4, in the few bytes that it takes. */
export async function startNameServer(
  address: string,
  answer: (name: string) => NameAnswer,
): Promise<AsyncDisposable> {
  const socket = createSocket('udp4')
  socket.on('message', (query, { address, port }) => {
    const said = reply(query, answer(nameIn(query)))
    if (said) socket.send(said, port, address)
  })
  await once(socket.bind(53, address), 'listening')
  return {
    async [Symbol.asyncDispose]() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

const headerBytes = 12
const ipv4 = 1

function nameIn(query: Buffer): string {
  const labels: string[] = []
  for (let at = headerBytes; ; ) {
    const length = query.readUInt8(at)
    if (length === 0) return labels.join('.').toLowerCase()
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
}

function reply(query: Buffer, answer: NameAnswer): Buffer | undefined {
  if (answer === 'silence') return undefined
  const endOfName = query.indexOf(0, headerBytes) + 1
  const question = query.subarray(headerBytes, endOfName + 4)
  const known = typeof answer === 'object' && query.readUInt16BE(endOfName) === ipv4
  const header = Buffer.alloc(headerBytes)
  query.copy(header, 0, 0, 2)
  // A response with recursion: no error, server failure, or no such name.
  header.writeUInt16BE(0x8180 + (answer === 'trouble' ? 2 : answer === 'nobody knows' ? 3 : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(known ? 1 : 0, 6)
  if (!known) return Buffer.concat([header, question])
  // The name as a pointer to the question, type A, class IN, one second, four bytes.
  const record = Buffer.from([0xc0, headerBytes, 0, ipv4, 0, 1, 0, 0, 0, 1, 0, 4])
  return Buffer.concat([header, question, record, Buffer.from(answer.address.split('.').map(Number))])
}
