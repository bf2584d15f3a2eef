import { useEffect, useState } from 'preact/hooks'

/**
 * The section whose beginning was scrolled past last. Goes first to the one that the address asks for, and once
 * more when the page has grown because `filled` became true.
 */
export function useSectionInView(ids: readonly string[], filled: boolean): string | undefined {
  const [current, setCurrent] = useState(ids[0])
  useEffect(() => {
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: 'instant' })
  }, [filled])
  useEffect(() => {
    const ended = new AbortController()
    const find = () => {
      const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2
      const past = ids.filter(id => {
        const top = document.getElementById(id)?.getBoundingClientRect().top
        return top !== undefined && top < window.innerHeight / 3
      })
      setCurrent(atEnd && window.scrollY > 0 ? ids.at(-1) : (past.at(-1) ?? ids[0]))
    }
    find()
    window.addEventListener('scroll', find, { passive: true, signal: ended.signal })
    window.addEventListener('resize', find, { signal: ended.signal })
    return () => ended.abort()
  }, [ids])
  return current
}
