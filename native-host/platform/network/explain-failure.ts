import type { Problem } from '../../../protocol/errors.ts'
import { type Route, showPlace } from '../../network/route.ts'
import type { Attempt } from '../../network/upload-answer.ts'
import { explainUploadFailure, type ObservedFailure } from '../../network/upload-failure.ts'
import { hasNetwork } from './has-network.ts'
import { lookUp } from './look-up.ts'
import { seenInError } from './network-error.ts'
import { lookAtCertificate } from './peer-certificate.ts'

/** How long a look at what was not accepted may take, all of it. */
const lookMs = 10_000

/** What was seen on the way, explained with what can be seen of the network and of a certificate that was refused. */
export async function explainFailure(
  seen: ObservedFailure,
  route: Route,
  asked: Attempt['request'],
): Promise<Problem> {
  const { target, proxy } = route
  const reached = proxy ?? target
  return explainUploadFailure(await withCloserLook(seen, route), {
    target: showPlace(target),
    ...(proxy && { proxy: showPlace(proxy) }),
    encrypted: target.encrypted,
    connected: await hasNetwork(reached.host),
    now: Temporal.Now.instant(),
    request: asked,
  })
}

/** Some failures look like others from where they were seen. */
async function withCloserLook(seen: ObservedFailure, route: Route): Promise<ObservedFailure> {
  if (seen.kind === 'code' && /CERT|^UNABLE_TO_/.test(seen.code))
    return { ...seen, certificate: await lookAtCertificate(route, AbortSignal.timeout(lookMs)) }
  // The deadline of a request does not tell the look-up of the name from the connection.
  if (seen.kind === 'timeout' && seen.waitingFor === 'connection')
    return (await failureOfLookUp((route.proxy ?? route.target).host)) ?? seen
  return seen
}

async function failureOfLookUp(host: string): Promise<ObservedFailure | undefined> {
  try {
    await lookUp(host, AbortSignal.timeout(lookMs))
    return undefined
  } catch (error) {
    return seenInError(error)
  }
}
