import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mountPowerDisk, type PowerDisk } from './power-disk.ts'
import type { Promised } from './promise.ts'
import { setScene } from './scene.ts'
import { createTally } from './tally.ts'
import { workerSource } from './worker-process.ts'

const cuts = { fast: 10, full: 200 }

/**
 * Home and destination lie on the same disk, so that an item that was removed from the outbox before the destination
 * had it for good is missing in both.
 */
export const powerCuts: Promised = {
  id: 'P2',
  promise: 'What was accepted survives a power cut',
  async run({ scale, say }) {
    let disk: PowerDisk
    try {
      disk = await mountPowerDisk()
    } catch (error) {
      return {
        kind: 'not here',
        why: `no disk can be mounted: ${error instanceof Error ? error.message : error}`,
      }
    }
    await using _unmount = disk
    await using workers = workerSource({ ahead: 1 })
    const tally = createTally(['power cuts', 'cuts that took what was not synced'])
    let again = 0
    for (let cut = 0; cut < cuts[scale]; cut++) {
      const folder = join(disk.folder, String(cut))
      const scene = await setScene(folder)
      const worker = await workers.take()
      worker.begin({ ...scene, work: 'endless', rounds: 0, pictureBytes: 3000 })
      await worker.said('open')
      const prepared = disk.prepareCut()
      await sleep(Math.random() * 200)
      const witness = join(disk.folder, `witness-${cut}`)
      await writeFile(witness, 'not synced')
      const cutNow = await prepared
      // A real cut stops the program too. Here it goes on for a moment, in a file system that may already lie to it.
      const saidBefore = worker.reports.length
      await cutNow()
      worker.kill()
      await worker.ended
      await disk.restorePower()
      tally.hit('power cuts')
      // Without this the cut would be none, and anything would survive it.
      if ((await readFile(witness, 'utf8').catch(() => '')) === '')
        tally.hit('cuts that took what was not synced')
      scene.note(worker.reports.slice(0, saidBefore))
      const { freshMs } = await scene.recover().catch(async () => {
        // The kernel may report what it could not write during the cut to the first program that syncs after
        // it.
        again++
        await disk.restorePower()
        return scene.recover()
      })
      tally.freshMs.push(freshMs)
      tally.add(await scene.judge(), `cut ${cut}`)
      await rm(folder, { recursive: true })
      if (cut % 10 === 0) say(`${cut} of ${cuts[scale]} cuts, ${tally.sum.arrived} records and pictures`)
    }
    return {
      kind: 'measured',
      figures: tally.figures(),
      faults: tally.faults,
      freshMs: tally.freshMs,
      notes: [`${again} starts had to be repeated.`, ...tally.notes()],
    }
  },
}
