/** `because`: why it is known to be missed. */
export type Goal = { withinS: number; share: number; because?: string }

/** What each family of tools has to be found within. Those without a goal are reported and not promised. */
export const goals: Record<string, readonly Goal[]> = {
  robotjs_warp: [{ withinS: 30, share: 0.99 }],
  robotjs_smooth: [{ withinS: 30, share: 0.99 }],
  nutjs: [{ withinS: 30, share: 0.99 }],
  xdotool_agent: [{ withinS: 30, share: 0.99 }],
  click_fixed: [{ withinS: 30, share: 0.99 }],
  typer_constant: [{ withinS: 30, share: 0.99 }],
  /** A minute that is looped, so one loop and five seconds. */
  replay_exact: [
    {
      withinS: 65,
      share: 0.99,
      because: 'a minute of mostly reading holds fewer strokes than it takes to tell a loop from chance',
    },
  ],
  pyautogui_tween: known(),
  ahk_move: known(),
  ghost_cursor: known(),
  windmouse: known(),
  jiggler_arkane: known(),
  click_random: [{ withinS: 120, share: 0.95 }],
  jiggler_arduino: [{ withinS: 120, share: 0.95 }],
  replay_jittered: [{ withinS: 240, share: 0.8 }],
  typer_gaussian: [{ withinS: 120, share: 0.9 }],
  typer_uniform_made_up: [{ withinS: 120, share: 0.9 }],
}

/** Of all families that the model was not fitted to together. */
export const unseenGoal: Goal = { withinS: 180, share: 0.7 }

function known(): Goal[] {
  return [
    { withinS: 60, share: 0.95 },
    { withinS: 120, share: 0.99 },
  ]
}
