import '../ui/theme.css'
import './options.css'
import { render } from 'preact'
import { openTracker } from '../ui/tracker.ts'
import { Options } from './options.tsx'

render(<Options tracker={openTracker()} />, document.body)
