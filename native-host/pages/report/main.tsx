import '../../../extension/ui/theme.css'
import './report.css'
import { render } from 'preact'
import { reportPageSchema } from '../../../protocol/report-page.ts'
import { readData } from '../parts/read-data.ts'
import { ReportView } from './report-view.tsx'

const root = document.getElementById('page')
if (root) {
  root.replaceChildren()
  render(<ReportView page={readData(reportPageSchema)} />, root)
}
