import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts'

const run = promisify(execFile)

/**
 * An ext4 disk in a file whose power can be cut: what was not synced is gone afterwards, as with a real one. The
 * kernel does it by itself (FS_IOC_SHUTDOWN without flushing the journal): nothing reaches the disk any more.
 */
export type PowerDisk = AsyncDisposable & {
  folder: string
  /** Everything is ready for a cut, which happens at once when the function that this resolves to is called. */
  prepareCut(): Promise<() => Promise<void>>
  /** After a cut: the disk is mounted again and puts itself right from its journal. */
  restorePower(): Promise<void>
}

const megabytes = 64

/** Node has no ioctl; Perl is on every Debian. 0x8004587d is FS_IOC_SHUTDOWN, 2 is NOLOGFLUSH. */
const shutdown = `
  open(my $disk, '<', $ARGV[0]) or die "$!\\n";
  $| = 1;
  print "ready";
  <STDIN>;
  my $flags = pack('L', 2);
  ioctl($disk, 0x8004587d, $flags) or die "$!\\n";
`

/** @throws Error with the reason when this computer lets no user mount such a disk */
export async function mountPowerDisk(): Promise<PowerDisk> {
  const root = await makeTemporaryFolder()
  const image = join(root, 'image')
  const folder = join(root, 'disk')
  const mount = () => run('mount', ['-o', 'loop', image, folder])
  try {
    await mkdir(folder)
    await writeFile(image, '')
    await truncate(image, megabytes * 1024 * 1024)
    await run('mkfs.ext4', ['-q', image])
    await mount()
  } catch (error) {
    await removeTemporaryFolder(root)
    throw error
  }
  const abandon = () => void spawnSync('umount', ['--lazy', folder])
  // Before the folder that it is mounted in is removed.
  process.prependOnceListener('exit', abandon)
  return {
    folder,
    async prepareCut() {
      const cutting = run('perl', ['-e', shutdown, folder])
      const { stdin, stdout } = cutting.child
      if (stdout === null) throw new Error('perl has no output')
      await Promise.race([once(stdout, 'data'), cutting])
      return async () => {
        stdin?.end('now\n')
        await cutting
      }
    },
    async restorePower() {
      await run('umount', [folder])
      await mount()
    },
    async [Symbol.asyncDispose]() {
      await run('umount', ['--lazy', folder])
      process.removeListener('exit', abandon)
      await removeTemporaryFolder(root)
    },
  }
}
