import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { shippedPackages } from './third-party.ts'

/**
 * Turns the script and the style of a build into one HTML file that needs no other: a template, which
 * native-host/adapters/reading/html-page.ts fills. Its policy allows just this script and this style, by their hashes,
 * and no request to anywhere.
 */
export function singleFilePage({ name, root }: { name: string; root: string }): Plugin {
  return {
    name: 'single-file-page',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        let [script, style] = ['', '']
        const packages = new Set<string>()
        for (const [file, part] of Object.entries(bundle)) {
          if (part.type === 'chunk') {
            script += part.code
            for (const id of part.moduleIds) addPackage(packages, id)
          } else if (file.endsWith('.css')) style += part.source
          else throw new Error(`${file} cannot be part of a page of one file`)
          delete bundle[file]
        }
        const notices = noticesOf(packages, root)
        this.emitFile({
          type: 'asset',
          fileName: `${name}.html`,
          source: pageOf({ script: safeScript(script), style: style.trim(), notices }),
        })
      },
    },
  }
}

type Parts = { script: string; style: string; notices: string }

/** The script stands before the pictures, so that the page is drawn before a browser has read all of them. */
function pageOf({ script, style, notices }: Parts): string {
  if (/<\/style/i.test(style)) throw new Error('the style would end early')
  const policy = [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Activity Tracker</title>
<style>${style}</style>
</head>
<body>
<!--
${notices}
-->
<div id="page"><noscript><p>This page needs JavaScript to draw what it holds. It asks nothing of any network.</p></noscript></div>
<script type="application/json" id="data">null</script>
<script>${script}</script>
<!-- pictures -->
</body>
</html>
`
}

function sourceOf(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`
}

/** Nothing in it may end the element that it stands in, or begin a comment there. Code has these in strings alone. */
function safeScript(code: string): string {
  return code.trim().replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`)
}

function addPackage(packages: Set<string>, id: string): void {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id)?.[1]
  if (name !== undefined) packages.add(name)
}

/** Whose work is in the page, as their licences ask. */
function noticesOf(packages: ReadonlySet<string>, root: string): string {
  return shippedPackages(join(root))
    .filter(({ name }) => packages.has(name))
    .map(({ name, version, licence, texts }) => [`${name} ${version} (${licence})`, ...texts].join('\n\n'))
    .join('\n\n')
    .replaceAll('--', '- -')
}
