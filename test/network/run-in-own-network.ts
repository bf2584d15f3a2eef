import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { namespaces } from './namespaces.ts'

/**
 * `npm run network`: runs the tests of this folder in a network and a view of the file system of their own, so that
 * they break only their own. Both are gone when this ends. It takes root, and a system that has namespaces.
 */
const own = ['--net', '--mount', '--fork', '--kill-child=KILL']
const why = whyNot()
if (why === undefined) {
  const tests = ['--test', ...process.argv.slice(2), join(import.meta.dirname, 'network.test.ts')]
  const { status } = spawnSync('unshare', [...own, process.execPath, ...tests], {
    stdio: 'inherit',
    env: { ...process.env, ACTIVITY_TRACKER_OUTER_NAMESPACES: namespaces().join() },
  })
  process.exitCode = status ?? 1
} else {
  console.log(`The network tests are skipped: ${why}.`)
}

function whyNot(): string | undefined {
  if (process.platform !== 'linux') return 'they need the network namespaces of Linux'
  if (process.getuid?.() !== 0) return 'only root may make network namespaces; run: sudo npm run network'
  const { status } = spawnSync('unshare', [...own, 'true'], { stdio: 'ignore' })
  return status === 0 ? undefined : 'this system does not let root make network namespaces'
}
