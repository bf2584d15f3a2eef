import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { budgets } from '../../native-host/kernel/budgets.ts'
import { withFile } from './files.ts'

const cli = join(import.meta.dirname, '../../native-host/programs/cli.ts')

export const commandTrials = {
  async recordingLine() {
    const { most } = budgets.recordingLine
    const detect = (length: number) =>
      withFile(`s,t,e,x,y,b\n${'a'.repeat(length - 9)},0,m,1,1,`, path =>
        promisify(execFile)(process.execPath, [cli, 'detect', path], { env: {} }).then(
          () => '',
          ({ stderr }) => String(stderr),
        ),
      )
    assert.doesNotMatch(await detect(most), /more than/)
    assert.match(await detect(most + 1), /RECORDING_INVALID[\s\S]*a line has more than 4096 characters/)
  },
}
