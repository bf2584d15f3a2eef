import { text as shared } from '../../../extension/text/catalogue.ts'
import { describeTotal } from '../../../extension/text/durations.ts'
import { words } from '../../../extension/text/local-words.ts'
import { activityPercent, type Report } from '../../../protocol/report.ts'
import { daysIn, totalsOf } from './model/figures.ts'
import { hashOf, type Route } from './model/route.ts'
import { text } from './text.ts'

/** Every device of the report with its totals; one of them is shown below. Times of two are never added up. */
export function People({ report, route }: { report: Report; route: Route }) {
  return (
    <section class="card" data-testid="people">
      <h2>{text.people.heading}</h2>
      <div class="scroll">
        <table>
          <caption class="visually-hidden">{text.people.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.facts.person}</th>
              <th scope="col">{text.facts.device}</th>
              <th scope="col">{text.figures.active}</th>
              <th scope="col">{text.figures.activity}</th>
              <th scope="col">{text.figures.flagged}</th>
              <th scope="col">{text.people.findings}</th>
            </tr>
          </thead>
          <tbody>
            {report.devices.map(({ person, device, days, findings }, place) => {
              const totals = totalsOf(daysIn(days, route))
              return (
                <tr key={`${person} ${device}`} data-shown={place === route.device}>
                  <th scope="row">
                    <a
                      href={hashOf({ ...route, device: place })}
                      aria-current={place === route.device ? 'true' : undefined}
                      aria-label={text.people.ofDevice(person || text.facts.noPerson, device)}
                    >
                      {person || text.facts.noPerson}
                    </a>
                  </th>
                  <td>{device}</td>
                  <td>{describeTotal(totals.active)}</td>
                  <td>{shared.units.percent(Math.round(activityPercent(totals)))}</td>
                  <td>{totals.flagged > 0 ? describeTotal(totals.flagged) : '–'}</td>
                  <td data-wrong={findings.length > 0}>
                    {findings.length > 0 ? words.number(findings.length) : text.people.noFindings}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}
