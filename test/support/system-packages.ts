import { spawnSync } from 'node:child_process'

/**
 * The Debian packages that the demo and the tests need, each with its reason; what the tracker itself needs on a
 * person's computer is among them. `node test/support/system-packages.ts [demo]` checks that they are there.
 */
const packages: Record<string, { why: string; for: 'demo' | 'tests' }> = {
  xvfb: { why: 'a display without a screen', for: 'demo' },
  'libx11-6': { why: 'counting input on X11', for: 'demo' },
  libxrandr2: { why: 'counting input on X11', for: 'demo' },
  libxtst6: { why: 'counting input on X11', for: 'demo' },
  libxt6: { why: 'counting input on X11', for: 'demo' },
  'libx11-xcb1': { why: 'counting input on X11', for: 'demo' },
  imagemagick: { why: 'takes the screenshots', for: 'demo' },
  'x11-xserver-utils': { why: 'xrandr lists the displays', for: 'demo' },
  chromium: { why: 'the extension runs in it', for: 'demo' },
  age: { why: 'opens what was sealed, independently of this project', for: 'demo' },
  'fonts-dejavu-core': { why: 'pages and screenshots with text', for: 'demo' },
  'firefox-esr': { why: 'the extension runs in it', for: 'tests' },
  xdotool: { why: 'input that a script made', for: 'tests' },
  'tesseract-ocr': { why: 'tries to read what was blurred', for: 'tests' },
  strace: { why: 'stops the tracker at any system call', for: 'tests' },
  iproute2: { why: 'networks that come and go', for: 'tests' },
  'python3-dbusmock': {
    why: 'a desktop that shows notifications, and a NetworkManager that says what a test wants',
    for: 'demo',
  },
  nftables: { why: 'firewalls in those networks', for: 'tests' },
  squid: { why: 'a real proxy', for: 'tests' },
  libfaketime: { why: 'a clock that is wrong', for: 'tests' },
  openssl: { why: 'certificates of the tests’ own', for: 'tests' },
  e2fsprogs: { why: 'a disk whose power can be cut', for: 'tests' },
  dbus: { why: 'the bus on which a desktop and the keychain listen', for: 'demo' },
  'libglib2.0-bin': { why: 'knows when something is on that bus', for: 'demo' },
  grim: { why: 'screenshots of a Wayland session', for: 'tests' },
  swaybg: { why: 'paints the desktop of a Wayland session', for: 'tests' },
  sway: { why: 'a Wayland session without a screen', for: 'tests' },
  'gnome-keyring': { why: 'a real keychain', for: 'tests' },
  radosgw: { why: 'a real S3 server', for: 'tests' },
  'ceph-mon': { why: 'a real S3 server', for: 'tests' },
  'ceph-osd': { why: 'a real S3 server', for: 'tests' },
}

const wanted = process.argv[2] === 'demo' ? 'demo' : 'tests'
const needed = Object.keys(packages).filter(name => wanted === 'tests' || packages[name]?.for === 'demo')
const installed = installedPackages()
const missing = needed.filter(name => !installed?.has(name))
if (missing.length > 0) process.exitCode = provide(missing)

/** Returns the exit code. */
function provide(missing: readonly string[]): number {
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing]
  const reasons = missing.map(name => `  ${name.padEnd(18)} ${packages[name]?.why}`).join('\n')
  console.error(
    `The ${wanted === 'demo' ? 'demo needs' : 'tests need'} system packages that are missing:\n${reasons}`,
  )
  if (installed === undefined || process.getuid?.() !== 0) {
    const where =
      installed === undefined
        ? 'They are named as on Debian and Ubuntu, where this installs them'
        : 'Install them'
    console.error(`${where}:\n  sudo apt-get update && sudo ${install.join(' ')}`)
    return 1
  }
  console.error(`Installing them: apt-get update && ${install.join(' ')}`)
  return aptGet('update') || aptGet(...install.slice(1))
}

function aptGet(...words: string[]): number {
  const { status } = spawnSync('apt-get', words, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) console.error(`apt-get ${words[0]} did not succeed; its reason is above.`)
  return status ?? 1
}

/** undefined where there is no dpkg, so where packages have other names. */
function installedPackages(): Set<string> | undefined {
  const format = `\${db:Status-Status}\\t\${Package}, \${Provides}\\n`
  const { status, stdout } = spawnSync('dpkg-query', ['--show', `--showformat=${format}`], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) return undefined
  const lines = stdout.split('\n').filter(line => line.startsWith('installed\t'))
  // Provided names count: libxt6 is called libxt6t64 in later releases. A version may follow in parentheses.
  const names = lines.flatMap(line => line.slice('installed\t'.length).split(','))
  return new Set(names.map(name => name.trim().replace(/ .*/, '')))
}
