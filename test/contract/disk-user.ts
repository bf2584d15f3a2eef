import { readSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { openSealedFile } from '../../native-host/adapters/store/sealed-file.ts'
import { openDatabase } from '../../native-host/adapters/store/sqlite.ts'
import { toProblem } from '../../protocol/errors.ts'

/**
 * A process that uses a disk which stumbles: says "ready", waits for a line, does the one thing that the line
 * names, and says what came of it: a word, or the code of the error.
 */
const [, , task, path = '', sha256 = ''] = process.argv
// The thread that does the work of node:fs exists from its first call on, and must be there to be held.
await stat('.')
process.stdout.write('ready\n')
readSync(0, Buffer.alloc(1))
try {
  process.stdout.write(`${task === 'sealed-file' ? await openFile() : writeDatabase()}\n`)
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`)
}

async function openFile(): Promise<string> {
  await using file = await openSealedFile(path, sha256)
  const damage = await file?.proven().catch(toProblem)
  return file === undefined || damage?.code === 'STORE_DAMAGED' ? 'given up' : 'opened'
}

function writeDatabase(): string {
  const { db, problem } = openDatabase(path)
  try {
    db.exec("INSERT OR REPLACE INTO fact (key, value) VALUES ('written', '1')")
    return problem === undefined ? 'written' : 'rebuilt'
  } finally {
    db.close()
  }
}
