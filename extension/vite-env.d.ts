/** Vite turns these imports into a stylesheet of the page. */
declare module '*.css'
