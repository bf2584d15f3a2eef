import { systemClock as clock } from '../../native-host/adapters/clock/system-clock.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import { systemNetwork } from '../../native-host/adapters/network/system-network.ts'
import { createDrain } from '../../native-host/delivery/drain-outbox.ts'
import { createCell } from '../../native-host/kernel/cell.ts'
import { fakeMemory, fakeOutbox } from '../fakes-storage.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'

/** A program for network.test.ts: drains one item to the endpoint that it is given, and says on each line how it goes. */
const [endpoint = ''] = process.argv.slice(2)
const outbox = fakeOutbox()
const { signal } = new AbortController()
const bucket = s3Destination(s3Settings({ endpoint }), s3World({ accessKeyId: 'I', secretAccessKey: 'S' }))
const drain = createDrain({
  outbox,
  destination: createCell(bucket),
  memory: fakeMemory(),
  network: systemNetwork,
  hold: async () => undefined,
  clock,
  // The longest waits.
  random: () => 0.999,
  log: () => undefined,
})
drain.nextTry.watch(at => at && console.log(`wait ${Date.parse(at) - Date.now()}`), signal)
drain.delivered.watch(() => console.log('delivered'), signal)
const sealed = new TextEncoder().encode('sealed')
await outbox.put({ at: clock.now(), sealed, content: { kind: 'screenshot' } })
void drain.run(signal)
