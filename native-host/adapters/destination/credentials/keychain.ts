import * as v from 'valibot'
import { AppError } from '../../../../protocol/errors.ts'
import { type SecretName, type SecretStore, secretForms } from '../../../config/stored-secrets.ts'
import { budgets } from '../../../kernel/budgets.ts'

/** Windows credentials, the macOS keychain, or the Secret Service of a Linux desktop, under our own name. */
export const keychain: SecretStore = createKeychain(openEntry)

/** @param open the entry of this name in a keychain */
export function createKeychain(open: (name: SecretName) => Promise<Entry>): SecretStore {
  const withEntry = oneAtATime(open)
  return {
    async read(name) {
      const text = await withEntry(name, async entry => bounded(await entry.getPassword()))
      if (text === null) return undefined
      const fields = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())), text)
      return fields.success ? secretForms[name].parse(field => fields.output[field]) : undefined
    },
    async write(name, value) {
      const text = JSON.stringify(secretForms[name].reveal(value))
      await withEntry(name, entry => entry.setPassword(text))
    },
    forget: name => withEntry(name, entry => entry.deletePassword()),
  }
}

function bounded(text: string | null | undefined): string | null {
  if (text && text.length > budgets.keychainReply.most) throw new Error('the answer is too long')
  return text ?? null
}

const service = 'activity-tracker'

/** A locked keychain asks the person, who may not be there. */
const answerMs = 30_000
/** A call that waits for the person holds one of Node's few threads: never a second one beside it. */
function oneAtATime(open: (name: SecretName) => Promise<Entry>) {
  let underWay: Promise<unknown> = Promise.resolve()
  return async <T>(name: SecretName, use: (entry: Entry) => Promise<T>): Promise<T> => {
    const mine = underWay.then(async () => use(await open(name)))
    underWay = mine.catch(() => undefined)
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('no answer')), answerMs)
    try {
      return await Promise.race([mine, late.promise])
    } catch (cause) {
      throw new AppError('KEYCHAIN_UNAVAILABLE', { cause })
    } finally {
      clearTimeout(timer)
    }
  }
}

export type Entry = Pick<
  InstanceType<typeof import('@napi-rs/keyring')['AsyncEntry']>,
  'getPassword' | 'setPassword' | 'deletePassword'
>

/** Fails where there is no build of it for this computer. */
async function openEntry(name: SecretName): Promise<Entry> {
  const { AsyncEntry } = await import('@napi-rs/keyring')
  // Named, because without it the kernel's keyring stands in, which forgets everything at the next start.
  return new AsyncEntry(service, name, { linux: { store: 'secret-service' } })
}
