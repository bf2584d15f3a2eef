import x11, { type XDisplay, type XSync } from 'x11'

/** Reads the idle time of an X server, five hundred times in a row, until it is ended. Says "reading" once it does. */
const [, , display = ''] = process.argv
const { client } = await ask<XDisplay>(done => x11.createClient({ display, shm: false }, done))
const sync = await ask<XSync>(done => client.require('sync', done))
const counters = await ask<{ counter: number; name: string }[]>(done => sync.ListSystemCounters(done))
const idle = counters.find(({ name }) => name === 'IDLETIME')
if (!idle) throw new Error('the X server has no idle time')
for (let said = false; ; said = true) {
  const read = () => ask<number>(done => sync.QueryCounter(idle.counter, done))
  await Promise.all(Array.from({ length: 500 }, read))
  if (!said) process.stdout.write('reading\n')
}

function ask<T>(send: (done: (error: Error | null, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => send((error, result) => (error ? reject(error) : resolve(result))))
}
