import { assistiveInput } from './assistive-input.ts'
import { capture } from './capture.ts'
import type { ConditionGroup } from './condition.ts'
import { gaps } from './gaps.ts'
import { oneTracker } from './one-tracker.ts'
import { pictures } from './pictures.ts'
import { power } from './power.ts'
import { presence } from './presence.ts'
import { sleep } from './sleep.ts'
import { time } from './time.ts'
import { wayland } from './wayland.ts'

/** All groups, in the order in which they run. A new one is a file beside this and a row here. */
export const groups: readonly ConditionGroup[] = [
  power,
  presence,
  sleep,
  assistiveInput,
  wayland,
  gaps,
  time,
  oneTracker,
  capture,
  pictures,
]
