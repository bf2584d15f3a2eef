import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type BudgetName, budgets } from '../native-host/kernel/budgets.ts'

/**
 * Every door through which something comes in has a budget. A product file may read as much as there is in
 * one place only; each file that reads otherwise is named here, with the budgets that bound it or the reason
 * why there is no end to bound.
 */
const top = join(import.meta.dirname, '..')
const files = globSync('{protocol,native-host,manifests,extension}/**/*.{ts,tsx}', { cwd: top })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))

type Door = readonly BudgetName[] | string
/** `with`: only where this is there too, as methods of others have the same names. */
type DoorKind = { uses: RegExp; with?: RegExp; named: Record<string, Door> }

/** By the last part of their paths, so that a file may move to another folder. */
const doorKinds: Record<string, DoorKind> = {
  'reads a whole file or a whole folder': {
    uses: /\b(readFile|readFileSync|readdir|readdirSync|readlines|opendir|opendirSync|createReadStream|openAsBlob|glob|globSync|cp|cpSync)\b(?=\s*[(,}])/,
    with: /from 'node:fs(\/promises)?'/,
    named: {
      'platform/files/read-within.ts': ['folderNames'],
      'destination/folder/destination.ts':
        'names are looked at one by one; a file is read as far as the object is long',
      'system/delivered-objects.ts': ['folderEntries', 'folders', 'folderDepth'],
      'programs/cli-pages.ts': 'a page that the build made, beside the programs',
      'system/user-files.ts': 'a recording is read piece by piece, with a budget for its lines',
      'programs/cli-proofs.ts': 'a page of the build, beside the program',
      'manifests/third-party.ts': 'run by the build, over the packages that the lockfile names',
      'manifests/demo-browser.ts': 'run while developing',
    },
  },
  'reads from an open file': {
    uses: /\b(readSync|readvSync)\b(?=\s*[(,}])|(?<![.\w])read\b(?=\s*[,}].*from 'node:fs)|\bfile\.read\(/,
    named: {
      'platform/files/read-within.ts': ['folderNames'],
      'platform/files/read-up-to.ts': 'it is the reader: every call says how much',
      'image/read-pixels.ts': 'rows of a picture whose size is known',
      'image/image-editor.ts': 'as much as the picture has pixels, in pieces',
      'store/sealed-file.ts': 'pieces of a file that is as long as when it was opened',
      'store/unstored-counts.ts': 'two slots of one size',
      'store/outbox-recovery.ts': 'the first 22 bytes',
      'capture/grim.ts': ['toolFile'],
      'manifests/command.ts': 'the first 64 KiB',
    },
  },
  'starts a program': {
    uses: /^import (?!type)[^'"]*from 'node:child_process'/m,
    named: {
      'platform/process/start-program.ts': [
        'toolOutput',
        'toolTime',
        'dialogAnswer',
        'dialogTime',
        'toolFile',
      ],
      'platform/process/bound-programs.ts': ['toolOutput', 'toolTime'],
      'manifests/install.ts': ['toolOutput', 'toolTime'],
      'manifests/start.ts': 'run while developing',
      'manifests/demo-browser.ts': 'run while developing',
      'manifests/running-tracker.ts': 'run while developing, with the time and the size that spawnSync gets',
    },
  },
  'loads a library that starts programs or reads files by itself': {
    uses: /import\('(systeminformation|screenshot-desktop)'\)|createClient\(|import\('@aws-sdk\/credential-provider-(node|ini|process|sso)'\)/,
    named: {
      'system/computer.ts': ['toolOutput', 'answerTime'],
      'power/system-power.ts': ['toolOutput', 'toolTime'],
      'native-host/programs/screen-grab.ts': ['grabbedBytes', 'grabbedFiles', 'answerTime', 'xMonitors'],
      'platform/x11/session.ts': ['xAuthority', 'xReply'],
      'input/x-record.ts': ['xAuthority', 'xReply'],
      'credentials/credential-source.ts': ['awsFile', 'serverReply', 'toolOutput'],
    },
  },
  'speaks with a socket': {
    uses: /^import (?!type)[^'"]*from 'node:(net|http|https|tls|dgram|http2)'/m,
    named: {
      'socket/agent-server.ts': [
        'clients',
        'strangers',
        'handshakeTime',
        'unreadBytes',
        'frameIn',
        'messageRate',
      ],
      'socket/agent-client.ts': ['frameOut'],
      'socket/launch-agent.ts': ['startReport'],
      'platform/dbus/session-bus.ts': ['dbusMessage', 'dbusArray', 'dbusDepth'],
      'presence/wayland-idle.ts': ['waylandMessage', 'waylandGlobals'],
      'capture/wayland-outputs.ts': ['waylandMessage', 'waylandGlobals'],
      'network/ask-server.ts': ['probeReply'],
      'network/network-probe.ts': ['probeReply'],
      'input/x-display.ts': 'it only connects',
      'input/wiped-socket.ts': ['xReply'],
      'destination/s3/connection.ts': ['serverReply', 'listReply', 'listedObjects', 'objectBytes'],
      'destination/s3/agents.ts': ['serverReply'],
      'destination/s3/transport.ts': ['serverReply', 'listReply', 'objectBytes'],
      'platform/network/has-network.ts': 'it only asks the system for a route',
      'platform/network/open-connection.ts': ['proxyHead'],
      'platform/process/session-environment.ts': 'it only connects',
    },
  },
  'reads all of a stream': {
    uses: /from 'node:stream\/consumers'|\bprocess\.stdin\b|\bstdin\b[^=\n]*\} = process\b|from 'node:readline(\/promises)?'/,
    named: {
      'native-host/programs/bridge.ts': ['frameIn'],
      'system/user-files.ts': ['answerBytes', 'objectBytes', 'recordingLine'],
      'system/answers.ts': ['answerBytes'],
      'system/terminal.ts': 'it hands it on to answers.ts',
    },
  },
  unpacks: {
    uses: /\b(createGunzip|zstdDecompress|inflate|gunzip|brotliDecompress)\b(?=\s*[(,}])/,
    named: {
      'seal/compress-zstd.ts': ['zstdWindow', 'segmentBytes'],
      'system/user-files.ts': ['recordingLine'],
    },
  },
}

const codeOf = (path: string) =>
  readFileSync(join(top, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, '')

for (const [what, { uses, with: gate, named }] of Object.entries(doorKinds))
  describe(`every file that ${what} is named with its budget`, () => {
    const found = files.filter(path => uses.test(codeOf(path)) && (!gate || gate.test(codeOf(path))))
    test('none is missing', () => {
      const missing = found.filter(
        path => !Object.keys(named).some(end => path.endsWith(`/${end}`) || path === end),
      )
      assert.deepEqual(missing, [])
    })
    test('none is named that does not', () => {
      const gone = Object.keys(named).filter(
        end => !found.some(path => path.endsWith(`/${end}`) || path === end),
      )
      assert.deepEqual(gone, [])
    })
    test('each budget exists', () => {
      const names = Object.values(named).flatMap(door => (typeof door === 'string' ? [] : door))
      assert.deepEqual(
        names.filter(name => !Object.hasOwn(budgets, name)),
        [],
      )
    })
  })

const forms: [kind: string, text: string][] = [
  ['reads a whole file or a whole folder', `import { readFile } from 'node:fs/promises'`],
  ['reads a whole file or a whole folder', `import { lstatSync, readdirSync } from 'node:fs'`],
  ['reads a whole file or a whole folder', 'await handle.readFile()'],
  ['reads a whole file or a whole folder', 'fs.readFileSync(path)'],
  ['reads a whole file or a whole folder', 'file.createReadStream({})'],
  ['reads from an open file', `import { closeSync, readSync } from 'node:fs'`],
  ['starts a program', `import { spawn } from 'node:child_process'`],
  ['reads all of a stream', `import { text } from 'node:stream/consumers'`],
]
for (const [kind, text] of forms)
  test(`${JSON.stringify(text)} ${kind}`, () => assert.match(text, doorKinds[kind]?.uses ?? /$^/))
