/** The sign of the tracker. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 26 26" width="26" height="26" aria-hidden="true" focusable="false">
      <rect width="26" height="26" rx="8" fill="var(--good)" />
      <g fill="var(--on-good)">
        <rect x="6" y="12" width="3.5" height="8" rx="1" />
        <rect x="11.2" y="5.5" width="3.5" height="14.5" rx="1" />
        <rect x="16.4" y="9" width="3.5" height="11" rx="1" />
      </g>
    </svg>
  )
}
