import '../ui/theme.css'
import './popup.css'
import { render } from 'preact'
import { openTracker } from '../ui/tracker.ts'
import { Popup } from './popup.tsx'

render(<Popup tracker={openTracker()} />, document.body)
