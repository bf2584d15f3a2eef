const bytesPerGb = 1_000_000_000

/** Recording goes on only below this share of the limit, or it would start and stop with every delivery. */
const resumeShare = 0.9

/** Whether recording has to stop because too much waits. `full`: whether the outbox was full until now. */
export function outboxIsFull(bytes: number, limitGb: number, full: boolean): boolean {
  return bytes >= limitGb * bytesPerGb * (full ? resumeShare : 1)
}
