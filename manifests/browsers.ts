/**
 * Which browsers there are and where each looks for native messaging hosts. To support another one, add a row.
 * https://developer.chrome.com/docs/extensions/develop/concepts/native-messaging
 * https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Native_manifests
 */
export type BrowserRow = {
  label: string
  /** Which form of manifest it reads. */
  family: 'chromium' | 'firefox'
  /** Relative to the configuration folder ($XDG_CONFIG_HOME or ~/.config), or to the home where it starts with "~/". */
  linux: Place & {
    /** A Snap or Flatpak of it runs in a sandbox that a plain manifest does not reach into. */
    snap?: string
    flatpak?: string
  }
  /** `profiles` and `hosts` are relative to ~/Library/Application Support. */
  darwin: Place
  win32: {
    /** The key below HKEY_CURRENT_USER\Software whose default value is the path of the manifest. */
    registry: string
    /** Relative to %LOCALAPPDATA%, or to %APPDATA% where it starts with "~/". */
    profiles: readonly string[]
    /** Relative to the folders of installed programs. */
    executables: readonly string[]
  }
}
type Place = {
  /** One of them is there once the browser was started. */
  profiles: readonly string[]
  hosts: string
  /** Names to find on the PATH, or absolute paths. */
  executables: readonly string[]
}

export const browserRows = {
  chromium: {
    label: 'Chromium',
    family: 'chromium',
    linux: {
      profiles: ['chromium'],
      hosts: 'chromium/NativeMessagingHosts',
      executables: ['chromium', 'chromium-browser'],
      snap: 'chromium',
      flatpak: 'org.chromium.Chromium',
    },
    darwin: {
      profiles: ['Chromium'],
      hosts: 'Chromium/NativeMessagingHosts',
      executables: ['/Applications/Chromium.app/Contents/MacOS/Chromium'],
    },
    win32: {
      registry: 'Chromium',
      profiles: ['Chromium\\User Data'],
      executables: ['Chromium\\Application\\chrome.exe'],
    },
  },
  chrome: {
    label: 'Google Chrome',
    family: 'chromium',
    linux: {
      profiles: ['google-chrome'],
      hosts: 'google-chrome/NativeMessagingHosts',
      executables: ['google-chrome-stable', 'google-chrome'],
      flatpak: 'com.google.Chrome',
    },
    darwin: {
      profiles: ['Google/Chrome'],
      hosts: 'Google/Chrome/NativeMessagingHosts',
      executables: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    },
    win32: {
      registry: 'Google\\Chrome',
      profiles: ['Google\\Chrome\\User Data'],
      executables: ['Google\\Chrome\\Application\\chrome.exe'],
    },
  },
  edge: {
    label: 'Microsoft Edge',
    family: 'chromium',
    linux: {
      profiles: ['microsoft-edge'],
      hosts: 'microsoft-edge/NativeMessagingHosts',
      executables: ['microsoft-edge-stable', 'microsoft-edge'],
      flatpak: 'com.microsoft.Edge',
    },
    darwin: {
      profiles: ['Microsoft Edge'],
      hosts: 'Microsoft Edge/NativeMessagingHosts',
      executables: ['/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
    },
    win32: {
      registry: 'Microsoft\\Edge',
      profiles: ['Microsoft\\Edge\\User Data'],
      executables: ['Microsoft\\Edge\\Application\\msedge.exe'],
    },
  },
  brave: {
    label: 'Brave',
    family: 'chromium',
    linux: {
      profiles: ['BraveSoftware/Brave-Browser'],
      hosts: 'BraveSoftware/Brave-Browser/NativeMessagingHosts',
      executables: ['brave-browser-stable', 'brave-browser', 'brave'],
      snap: 'brave',
      flatpak: 'com.brave.Browser',
    },
    darwin: {
      profiles: ['BraveSoftware/Brave-Browser'],
      hosts: 'BraveSoftware/Brave-Browser/NativeMessagingHosts',
      executables: ['/Applications/Brave Browser.app/Contents/MacOS/Brave Browser'],
    },
    win32: {
      // Brave, Vivaldi and Opera read Chrome's key on Windows.
      registry: 'Google\\Chrome',
      profiles: ['BraveSoftware\\Brave-Browser\\User Data'],
      executables: ['BraveSoftware\\Brave-Browser\\Application\\brave.exe'],
    },
  },
  vivaldi: {
    label: 'Vivaldi',
    family: 'chromium',
    linux: {
      profiles: ['vivaldi'],
      hosts: 'vivaldi/NativeMessagingHosts',
      executables: ['vivaldi-stable', 'vivaldi'],
      flatpak: 'com.vivaldi.Vivaldi',
    },
    darwin: {
      profiles: ['Vivaldi'],
      hosts: 'Vivaldi/NativeMessagingHosts',
      executables: ['/Applications/Vivaldi.app/Contents/MacOS/Vivaldi'],
    },
    win32: {
      registry: 'Google\\Chrome',
      profiles: ['Vivaldi\\User Data'],
      executables: ['Vivaldi\\Application\\vivaldi.exe'],
    },
  },
  opera: {
    label: 'Opera',
    family: 'chromium',
    linux: {
      profiles: ['opera'],
      hosts: 'opera/NativeMessagingHosts',
      executables: ['opera-stable', 'opera'],
      snap: 'opera',
    },
    darwin: {
      profiles: ['com.operasoftware.Opera'],
      hosts: 'com.operasoftware.Opera/NativeMessagingHosts',
      executables: ['/Applications/Opera.app/Contents/MacOS/Opera'],
    },
    win32: {
      registry: 'Google\\Chrome',
      profiles: ['~/Opera Software\\Opera Stable'],
      executables: ['Programs\\Opera\\opera.exe', 'Opera\\opera.exe'],
    },
  },
  firefox: {
    label: 'Firefox',
    family: 'firefox',
    linux: {
      // Since 147 new profiles are in the configuration folder; the hosts are looked for in the old place only.
      profiles: ['mozilla/firefox', '~/.mozilla/firefox'],
      hosts: '~/.mozilla/native-messaging-hosts',
      executables: ['firefox-esr', 'firefox'],
      snap: 'firefox',
      flatpak: 'org.mozilla.firefox',
    },
    darwin: {
      profiles: ['Firefox'],
      hosts: 'Mozilla/NativeMessagingHosts',
      executables: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    },
    win32: {
      registry: 'Mozilla',
      profiles: ['~/Mozilla\\Firefox'],
      executables: ['Mozilla Firefox\\firefox.exe'],
    },
  },
} as const satisfies Record<string, BrowserRow>

export type BrowserName = keyof typeof browserRows
export const browserNames = Object.keys(browserRows) as BrowserName[]
