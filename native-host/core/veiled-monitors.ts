type Area = { x: number; y: number; width: number; height: number }

/** Whether any of the areas is on the monitor, if only by a pixel. One that is not known may be any. */
export function isVeiled(monitor: Area | undefined, areas: readonly Area[]): boolean {
  return areas.some(area => monitor === undefined || overlap(monitor, area))
}

function overlap(one: Area, other: Area): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}
