import '../ui/theme.css'
import './welcome.css'
import { render } from 'preact'
import { openTracker } from '../ui/tracker.ts'
import { Welcome } from './welcome.tsx'

render(<Welcome tracker={openTracker()} />, document.body)
