import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import sharp from 'sharp'
import type { AgentTap } from '../support/agent-tap.ts'
import { openWithAge } from '../support/opened-objects.ts'
import { isThere } from '../support/programs.ts'
import { type Stage, startAgent, startScenario, untilStatus } from '../support/scenario.ts'
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts'
import { waitFor } from '../support/wait-for.ts'
import { startWaylandSession } from '../support/wayland-session.ts'
import { type Condition, type ConditionGroup, expect, NotHere } from './condition.ts'

const run = promisify(execFile)
const [width, height] = [1280, 720]

/** A tracker that takes pictures when asked to, sharp and in full size, and delivers them at once. */
type Scene = { stage: Stage; tap: AgentTap; display: VirtualDisplay }

function onDisplay(
  what: string,
  speed: Condition['speed'],
  act: (scene: Scene) => Promise<string>,
): Condition {
  return {
    what,
    speed,
    async run() {
      await using stage = await startScenario({ without: 'display' })
      await using display = await startVirtualDisplay({ width, height })
      Object.assign(stage.env, { DISPLAY: display.display })
      return await act({ stage, tap: await startCapturing(stage), display })
    },
  }
}

async function startCapturing(stage: Stage): Promise<AgentTap> {
  await startAgent(stage)
  const settings = {
    screenshot_interval: '3600',
    blur_screenshots: 'false',
    screenshot_scale: '100',
    hold_screenshots: '0',
  }
  for (const words of [
    ...Object.entries(settings).map(row => ['settings', 'set', ...row]),
    ['start', '--acknowledge'],
  ]) {
    const { exit, stderr } = await stage.cli(...words)
    if (exit !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
  }
  return stage.tap()
}

const xrandr = ({ env }: VirtualDisplay, ...words: string[]) => run('xrandr', words, { env })
const plugInTwo = async (display: VirtualDisplay) => {
  await xrandr(display, '--setmonitor', 'left', '800/211x720/190+0+0', 'screen')
  await xrandr(display, '--setmonitor', 'right', '480/127x720/190+800+0', 'none')
}
const unplugRight = (display: VirtualDisplay) => xrandr(display, '--delmonitor', 'right')
const paint = (color: string, { env }: VirtualDisplay) => run('xsetroot', ['-solid', color], { env })

/**
 * What is on the pictures of one screenshot, in the order of the displays: delivered, and opened by another
 * identity.
 */
async function takeScreenshot(
  { stage, tap }: Pick<Scene, 'stage' | 'tap'>,
  expected: number,
): Promise<string[]> {
  const before = await picturesOf(stage)
  const { exit, stderr } = await stage.cli('screenshot')
  if (exit !== 0) throw new Error(stderr.trim())
  const fresh = await waitFor(
    `${expected} pictures`,
    async () => {
      const now = [...(await picturesOf(stage))].filter(([path]) => !before.has(path))
      return now.length >= expected && now
    },
    { seen: () => tap.status() },
  )
  fresh.sort(([one], [other]) => (one < other ? -1 : 1))
  return Promise.all(fresh.map(([, picture]) => describePicture(picture)))
}

async function picturesOf({ home }: Stage): Promise<Map<string, Buffer>> {
  return (await openWithAge(home.places.delivered, home.places.identity)).pictures
}

async function describePicture(picture: Buffer): Promise<string> {
  const { width, height } = await sharp(picture).metadata()
  const { dominant } = await sharp(picture).stats()
  return `${width} × ${height} ${dominant.r > 128 ? 'red' : dominant.b > 128 ? 'blue' : 'black'}`
}

function expectSame(seen: readonly string[], promised: readonly string[]): void {
  expect(seen.join(', ') === promised.join(', '), `${seen.join(', ')} instead of ${promised.join(', ')}`)
}

const whole = `${width} × ${height}`

export const capture: ConditionGroup = {
  name: 'capture',
  conditions: [
    onDisplay('there is one monitor: one picture, of what is on it', 'fast', async scene => {
      await paint('red', scene.display)
      const seen = await takeScreenshot(scene, 1)
      expectSame(seen, [`${whole} red`])
      return seen.join(', ')
    }),
    onDisplay(
      'there are two monitors: two pictures; of the active one alone when that is set',
      'fast',
      async scene => {
        await plugInTwo(scene.display)
        await paint('red', scene.display)
        const all = await takeScreenshot(scene, 2)
        expectSame(all, ['800 × 720 red', '480 × 720 red'])
        await scene.stage.cli('settings', 'set', 'screenshot_displays', 'active')
        await run('xdotool', ['mousemove', '1000', '300'], { env: scene.display.env })
        const active = await takeScreenshot(scene, 1)
        expectSame(active, ['480 × 720 red'])
        return `${all.join(', ')}; with the pointer on the right: ${active.join(', ')}`
      },
    ),
    onDisplay('a monitor comes and goes while it runs: the next screenshot knows', 'slow', async scene => {
      const counts: number[] = []
      for (const change of [
        () => Promise.resolve(),
        () => plugInTwo(scene.display),
        () => unplugRight(scene.display),
      ]) {
        await change()
        await takeScreenshot(scene, 1)
        const { screenshots } = await scene.tap.status()
        counts.push(screenshots.displays)
      }
      expect(counts.join() === '1,2,1', counts.join())
      return `${counts.join(', then ')} displays`
    }),
    onDisplay(
      'the display dies and comes back: said with a next step, and then there are pictures again',
      'slow',
      async scene => {
        const { stage, tap, display } = scene
        await takeScreenshot(scene, 1)
        await display.stop()
        const { exit, stderr } = await stage.cli('screenshot')
        const { screenshots } = await untilStatus(
          tap,
          'the problem',
          status => status.screenshots.problem !== null,
        )
        expect(exit !== 0 && screenshots.problem?.code === 'CAPTURE_NO_DISPLAY', `${exit}: ${stderr}`)
        expect(/Log in to a graphical session/.test(stderr), stderr)
        await using again = await startVirtualDisplay({
          width: 640,
          height: 480,
          number: Number(display.display.slice(1)),
        })
        await paint('blue', again)
        const seen = await takeScreenshot(scene, 1)
        expectSame(seen, ['640 × 480 blue'])
        const after = await untilStatus(tap, 'no problem', status => status.screenshots.problem === null)
        return `${screenshots.problem?.code}, then ${seen.join(', ')} and ${after.screenshots.state}`
      },
    ),
    {
      what: 'the desktop is sway, on Wayland: a picture of each output, blurred because no source reports windows',
      speed: 'fast',
      async run() {
        for (const program of ['sway', 'grim'])
          if (!isThere(program)) throw new NotHere(`${program} is not installed`)
        await using session = await startWaylandSession()
        await using stage = await startScenario({ without: 'display' })
        const { WAYLAND_DISPLAY, XDG_SESSION_TYPE } = session.env
        Object.assign(stage.env, { WAYLAND_DISPLAY, XDG_SESSION_TYPE })
        const scene = { stage, tap: await startCapturing(stage) }
        const one = await takeScreenshot(scene, 1)
        await session.tell('create_output')
        const two = await takeScreenshot(scene, 2)
        expectSame(
          two.map(seen => seen.replace(/ \w+$/, '')),
          ['160 × 90', '240 × 135'],
        )
        return `${one.join(', ')}; with a second output ${two.join(', ')}`
      },
    },
  ],
}
