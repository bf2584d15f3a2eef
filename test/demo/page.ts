/** What the browser shows while the demo runs: something to read, to point at and to write into. */
export const demoPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>A quiet afternoon</title>
<style>
  :root { color-scheme: light; font: 19px/1.6 Georgia, "DejaVu Serif", serif; }
  body { margin: 0; height: 100vh; overflow: hidden; display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem;
    background: linear-gradient(160deg, #f6efe2, #d9e7ef); color: #23303a; }
  main { padding: 1.5rem 0 1.5rem 2.5rem; }
  h1 { font-size: 2.4rem; line-height: 1.15; margin: 0 0 .4rem; }
  svg { display: block; width: 100%; height: 7rem; margin: .8rem 0 1rem; }
  textarea { margin: 2rem 2rem 2rem 0; padding: 1.2rem; font: 17px/1.6 "DejaVu Sans Mono", monospace; resize: none;
    color: inherit; border: 1px solid #9fb4c2; border-radius: 12px; background: #fffdf8; overscroll-behavior: contain; }
</style>
<main>
  <h1>A quiet afternoon</h1>
  <svg viewBox="0 0 600 140" preserveAspectRatio="none" aria-hidden="true">
    <path d="M0 95 C 90 20 150 130 240 70 S 400 30 470 85 S 570 60 600 40 V140 H0 Z" fill="#7ea6b8" opacity=".55"/>
    <path d="M0 115 C 110 60 190 140 300 100 S 460 70 600 105 V140 H0 Z" fill="#3f6b80" opacity=".7"/>
    <circle cx="500" cy="32" r="18" fill="#e8b04a"/>
  </svg>
  <p>This page is open on a screen that exists only in memory. A script types in the box, moves the pointer, clicks
  and scrolls. The tracker sees that keys are pressed and the pointer moves, and counts that.</p>
  <p>Screenshots of this display are taken every five seconds. In the first half, these lines are
  readable in them. In the second half they are blurred, for everyone.</p>
  <p>Then the destination folder disappears, as if a drive were unplugged. Nothing is lost: the encrypted files wait,
  and upload when the folder is back.</p>
</main>
<textarea autofocus spellcheck="false" aria-label="Typing area"></textarea>
</html>
`
