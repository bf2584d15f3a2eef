import { systemClock as clock } from '../../native-host/adapters/clock/system-clock.ts'
import { s3Destination } from '../../native-host/adapters/destination/s3/destination.ts'
import { systemNetwork } from '../../native-host/adapters/network/system-network.ts'
import { drainOutbox } from '../../native-host/delivery/drain-outbox.ts'
import { createSignal, watch } from '../../native-host/kernel/signals.ts'
import { fakeMemory, fakeOutbox } from '../fakes-storage.ts'
import { s3Settings, s3World } from '../support/s3-world.ts'

/** A program for network.test.ts: drains one item to the endpoint that it is given, and says on each line how it goes. */
const [endpoint = ''] = process.argv.slice(2)
const outbox = fakeOutbox()
const { signal } = new AbortController()
const bucket = s3Destination(s3Settings({ endpoint }), s3World({ accessKeyId: 'I', secretAccessKey: 'S' }))
const drain = drainOutbox({
  outbox,
  destination: createSignal(bucket),
  memory: fakeMemory(),
  network: systemNetwork,
  hold: async () => undefined,
  clock,
  // The longest waits.
  random: () => 0.999,
  log: () => undefined,
})
watch(drain.nextTry, at => at && console.log(`wait ${Date.parse(at) - Date.now()}`), signal)
watch(drain.delivered, () => console.log('delivered'), signal)
const sealed = new TextEncoder().encode('sealed')
await outbox.put({ at: clock.now(), sealed, content: { kind: 'screenshot' } })
void drain.run(signal)
