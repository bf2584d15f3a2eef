import browser from 'webextension-polyfill'
import { nativeHostName } from '../../protocol/messages.ts'
import type { NativePort, NativePortHandlers } from './host-link.ts'

export function connectNativePort({ onMessage, onClose }: NativePortHandlers): NativePort {
  const port = browser.runtime.connectNative(nativeHostName)
  port.onMessage.addListener(message => onMessage(message))
  port.onDisconnect.addListener(closed => {
    // Chromium gives the reason in lastError. Firefox gives it in port.error, and its lastError is always null.
    onClose(closed.error?.message ?? browser.runtime.lastError?.message)
  })
  return {
    send(message) {
      try {
        port.postMessage(message)
      } catch {
        // It closed a moment ago, and onDisconnect is about to say why.
      }
    },
    close: () => port.disconnect(),
  }
}
