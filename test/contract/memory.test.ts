import { openMemory } from '../../native-host/adapters/store/memory-sqlite.ts'
import { fakeDisk, fakeMemory } from '../fakes-storage.ts'
import { memoryContract } from './memory-contract.ts'
import { stateDatabase } from './state-database.ts'

memoryContract('sqlite', () => {
  const state = stateDatabase()
  return { ...state, open: () => openMemory(state.reopen()) }
})

memoryContract('fake', () => {
  const disk = fakeDisk()
  const memory = fakeMemory(disk)
  return {
    open: () => memory,
    fillDisk: () => disk.fail('DISK_FULL'),
    freeDisk: disk.recover,
    [Symbol.dispose]: () => undefined,
  }
})
