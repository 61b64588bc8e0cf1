import { findingsOf } from "../../lib/run/findings.ts";
import { ellipsis, visible } from "../../lib/ground/text.ts";
import { caseAddress } from "../html/address.ts";
import { Bar, Counts, Mark } from "../html/marks.tsx";
import { claimsText } from "../claims_text.ts";
import { reasonOf, STANDING_NAMES } from "../failure_text.ts";
import { framed, link } from "./frame.tsx";
import { Changes } from "./history.tsx";
import type { Site, SiteTarget } from "./site.ts";

/** The most characters of a reason, and the most cases listed for it. */
const REASON = 400;
const CASES = 100;

/** The page of a target: identity and claims, totals, failures, and runs. */
export function targetPage(site: Site, target: SiteTarget, full: boolean): string {
  const { page, latest } = target;
  const { run, target: shown } = latest;
  const claims = claimsText(shown);
  const facts: readonly (readonly [string, string])[] = [
    ["address", shown.address],
    ...Object.entries(shown.identity ?? {}),
    ["protocols", shown.protocols.join(", ")],
    ["claims", claims?.supports ?? shown.supports.join(", ")],
    ["takes", claims?.takes ?? ""],
    ["run", run.date],
    ["attest", run.result.attest.version],
    ["command", run.result.command.join(" ")],
  ];
  return framed({
    path: page,
    title: target.name,
    site,
    children: (
      <>
        <header id="summary" class="summary">
          <p class="kind">Target</p>
          <h1>
            {visible(target.name)}{" "}
            {shown.version === undefined ? null : <small>{visible(shown.version)}</small>}
          </h1>
          <p class="sub">
            {full
              ? (
                <a href={link(page, run.report)}>
                  The full report of {run.date}, with every case and its packets
                </a>
              )
              : `From the run of ${run.date}`}
          </p>
          {run.result.complete ? null : (
            <p class="notice" role="note">
              The journal ends before the run did; the page shows what it has
            </p>
          )}
          <Bar totals={shown.totals} />
          <Counts totals={shown.totals} />
          <div class="facts">
            <dl>
              {facts.filter(([, value]) => value !== "").map(([name, value]) => (
                <div key={name}>
                  <dt>{visible(name)}</dt>
                  <dd>{visible(value)}</dd>
                </div>
              ))}
            </dl>
          </div>
        </header>
        <Failures target={target} full={full} />
        {target.runs.length > 1 ? <Changes target={target} path={page} full={full} /> : null}
      </>
    ),
  });
}

/** The failures, grouped by finding. */
function Failures({ target: { page, latest }, full }: { target: SiteTarget; full: boolean }) {
  const findings = findingsOf(latest.cases);
  if (findings.length === 0) return null;
  return (
    <section id="failures">
      <h2>What did not pass</h2>
      {findings.map(({ number, standing, example, rules, clauses, cases }) => (
        <details key={number} class="finding">
          <summary>
            <Mark of={standing} decorative />{" "}
            <span class={`word ${standing}`}>{STANDING_NAMES[standing]}</span>{" "}
            {visible(ellipsis(reasonOf(example), REASON))}{" "}
            <small>
              {cases.length} {cases.length === 1 ? "case run" : "case runs"}
              {clauses.length + rules.length === 0
                ? ""
                : `, ${visible(ellipsis((clauses.length > 0 ? clauses : rules).join(", "), REASON))}`}
            </small>
          </summary>
          <ul class="cases-of">
            {cases.slice(0, CASES).map((one) => {
              const name = `${visible(one.id)} (${visible(one.protocol)})`;
              return (
                <li key={one.n} class="id">
                  {full ? <a href={`${link(page, latest.run.report)}#${caseAddress(one)}`}>{name}</a> : name}
                </li>
              );
            })}
            {cases.length > CASES ? <li>and {cases.length - CASES} more</li> : null}
          </ul>
        </details>
      ))}
    </section>
  );
}
