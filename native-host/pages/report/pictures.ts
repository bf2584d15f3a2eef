import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { ReportPage } from '../../../protocol/report-page.ts'

/** The pictures of the page. An address is made when a picture is first shown: a month has thousands. */
export type Pictures = {
  kind: ReportPage['pictures']
  /** undefined where the page has no such picture. */
  addressOf(object: string): string | undefined
}

const mostAddresses = 300

export function openPictures({
  pictures: kind,
  folder = '',
}: Pick<ReportPage, 'pictures' | 'folder'>): Pictures {
  const embedded = kind === 'embedded' ? elementsByObject() : new Map<string, HTMLScriptElement>()
  const addresses = new Map<string, string>()
  return {
    kind,
    addressOf(object) {
      if (kind === 'linked') return `${encodeURIComponent(folder)}/${encodeURIComponent(fileNameOf(object))}`
      const known = addresses.get(object)
      if (known !== undefined) return known
      const element = embedded.get(object)
      const bytes = element && bytesOf(element.textContent)
      if (!bytes) return undefined
      const address = URL.createObjectURL(new Blob([bytes], { type: element.type.split(';')[0] ?? '' }))
      addresses.set(object, address)
      forgetOldest(addresses)
      return address
    },
  }
}

/** As native-host/commands/report-html.ts names the files beside the page. */
function fileNameOf(object: string): string {
  return object.slice(object.lastIndexOf('/') + 1).replace(/\.age$/, '')
}

function elementsByObject(): Map<string, HTMLScriptElement> {
  const elements = document.querySelectorAll<HTMLScriptElement>('script[data-object]')
  return new Map([...elements].map(element => [element.dataset.object ?? '', element]))
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), sign => sign.charCodeAt(0))
  } catch {
    return undefined
  }
}

function forgetOldest(addresses: Map<string, string>): void {
  const [oldest] = addresses
  if (addresses.size <= mostAddresses || !oldest) return
  addresses.delete(oldest[0])
  URL.revokeObjectURL(oldest[1])
}

const none: Pictures = { kind: 'none', addressOf: () => undefined }
export const PicturesContext = createContext<Pictures>(none)

/** The address of a picture, once its page has been read to the end; `wanted` when it comes into view. */
export function usePicture(object: string | undefined, wanted: boolean): string | undefined {
  const pictures = useContext(PicturesContext)
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    setAddress(wanted && object !== undefined ? pictures.addressOf(object) : undefined)
  }, [pictures, object, wanted])
  return address
}
