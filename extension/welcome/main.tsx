import { render } from 'preact'

render(<h1>welcome</h1>, document.body)
