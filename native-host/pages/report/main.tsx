import '../../../extension/ui/theme.css'
import './report.css'
import './print.css'
import { render } from 'preact'
import { reportPageSchema } from '../../../protocol/report-page.ts'
import { readData } from '../parts/read-data.ts'
import { openPictures } from './pictures.ts'
import { ReportView } from './report-view.tsx'

const root = document.getElementById('page')
if (root) {
  const page = readData(reportPageSchema)
  const draw = () => render(<ReportView page={page} pictures={openPictures(page)} />, root)
  root.replaceChildren()
  draw()
  // Embedded pictures stand behind this script.
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', draw)
}
