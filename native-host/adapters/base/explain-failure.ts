import type { Problem } from '../../../protocol/errors.ts'
import { type Route, showPlace } from '../../core/route.ts'
import type { Attempt } from '../../core/upload-answer.ts'
import { explainUploadFailure, type Seen } from '../../core/upload-failure.ts'
import { hasNetwork } from './has-network.ts'
import { lookAtCertificate } from './peer-certificate.ts'

/** How long a look at what was not accepted may take, all of it. */
const lookMs = 10_000

/** What was seen on the way, explained with what can be seen of the network and of a certificate that was refused. */
export async function explainFailure(seen: Seen, route: Route, asked: Attempt['request']): Promise<Problem> {
  const { target, proxy } = route
  return explainUploadFailure(await withCertificate(seen, route), {
    target: showPlace(target),
    ...(proxy && { proxy: showPlace(proxy) }),
    encrypted: target.encrypted,
    connected: await hasNetwork((proxy ?? target).host),
    now: Temporal.Now.instant(),
    request: asked,
  })
}

async function withCertificate(seen: Seen, route: Route): Promise<Seen> {
  if (seen.kind !== 'code' || !/CERT|^UNABLE_TO_/.test(seen.code)) return seen
  return { ...seen, certificate: await lookAtCertificate(route, AbortSignal.timeout(lookMs)) }
}
