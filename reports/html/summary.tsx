import type { CaseResult, RunResult, TargetResult } from "../../lib/run/result.ts";
import { caseRuns, type Standing, type Totals } from "../../lib/run/standing.ts";
import { visible } from "../../lib/ground/text.ts";
import { claimsText, costLines } from "../claims_text.ts";
import { duration } from "./script/duration.js";
import { Bar, Counts } from "./marks.tsx";

/** The first screen: the verdict in words, the shares, the targets, and how to run it again. */
export function Summary({ result }: { result: RunResult }) {
  const { text, tone } = headline(result);
  return (
    <header id="summary" class="summary">
      <p class="kind">{KINDS[result.kind]}</p>
      <h1 class={tone}>{text}</h1>
      <p class="sub">{subtitle(result)}</p>
      {notices(result).map((notice) => <p key={notice} class="notice" role="note">{notice}</p>)}
      <Bar totals={result.totals} />
      <Counts totals={result.totals} />
      {result.targets.length > 0
        ? (
          <div class="targets">
            {result.targets.map((target) => (
              <Target
                key={target.name}
                target={target}
                cases={result.cases}
              />
            ))}
          </div>
        )
        : null}
      <Facts result={result} />
    </header>
  );
}

const KINDS: Readonly<Record<RunResult["kind"], string>> = {
  conform: "Conformance report",
  load: "Load report",
  prove: "Proof report: defects against cases",
};

/** The run in one line, and the standing that gives its colour. */
export function headline(result: RunResult): { readonly text: string; readonly tone: Standing } {
  const { totals } = result;
  const parts = [
    count(totals.fail, "failure", "failures"),
    count(totals.error, "error", "errors"),
    count(totals.inconclusive, "inconclusive", "inconclusive"),
    count(totals.unexpectedPass, "unexpected pass", "unexpected passes"),
  ].filter((part) => part !== "");
  if (parts.length > 0) return { text: parts.join(", "), tone: worst(totals) };
  const ran = totals.pass + totals.expectedFail;
  if (ran === 0) return { text: "No case ran", tone: "skip" };
  const known = totals.expectedFail === 0
    ? ""
    : `, ${count(totals.expectedFail, "expected failure", "expected failures")}`;
  if (!result.complete || result.notRun > 0) {
    return { text: `No failure so far${known}`, tone: "inconclusive" };
  }
  return {
    text: `${totals.pass === 1 ? "1 case passes" : `${totals.pass} cases pass`}${known}`,
    tone: "pass",
  };
}

function worst(totals: Totals): Standing {
  if (totals.fail > 0) return "fail";
  if (totals.error > 0) return "error";
  return totals.inconclusive > 0 ? "inconclusive" : "unexpected-pass";
}

function count(n: number, one: string, many: string): string {
  return n === 0 ? "" : `${n} ${n === 1 ? one : many}`;
}

function subtitle(result: RunResult): string {
  const parts = [`${caseRuns(result.totals)} case runs`];
  const flaky = result.repeats.filter((one) => one.flaky).length;
  if (flaky > 0) parts.push(count(flaky, "flaky case", "flaky cases"));
  if (result.targets.length > 1) parts.push(`${result.targets.length} targets`);
  parts.push(duration(result.durationMs));
  if (result.casesPerSecond > 0) parts.push(`${result.casesPerSecond} per second`);
  const date = dateOf(result.startedAt);
  if (date !== "") parts.push(date);
  return parts.join(" · ");
}

function notices(result: RunResult): string[] {
  const found = [];
  if (!result.complete) found.push("The journal ends before the run did; the page shows what it has");
  if (result.interrupted) found.push("The run was interrupted");
  if (result.reason !== undefined) found.push(visible(result.reason.replaceAll(/\s*\n\s*/g, " · ")));
  if (result.unjudged !== undefined) found.push(visible(result.unjudged));
  if (result.notRun > 0) found.push(`${result.notRun} planned case runs did not start`);
  return found;
}

function Target({ target, cases }: { target: TargetResult; cases: readonly CaseResult[] }) {
  const claims = claimsText(target);
  const costs = costLines(cases.filter((one) => one.target === target.name));
  const identity = Object.entries(target.identity ?? {});
  return (
    <section class="target">
      <h2>
        {visible(target.name)}{" "}
        {target.version === undefined ? null : <small>{visible(target.version)}</small>}
      </h2>
      <p class="address">{visible(target.address)}</p>
      <Bar totals={target.totals} />
      <Counts totals={target.totals} />
      <dl>
        {target.untold?.map((name) => <Fact key={name} name={visible(name)} value="not reported" />)}
        {identity.map(([name, value]) => <Fact key={name} name={visible(name)} value={visible(value)} />)}
        {target.protocols.length > 0
          ? <Fact name="protocols" value={visible(target.protocols.join(", "))} />
          : null}
        {target.supports.length > 0 || claims
          ? <Fact name="claims" value={claims?.supports ?? visible(target.supports.join(", "))} />
          : null}
        {claims ? <Fact name="takes" value={claims.takes} /> : null}
        {costs.map((line) => <Fact key={line} name="skipped" value={line} />)}
      </dl>
      <Found target={target} />
    </section>
  );
}

/** How attest found each claim of a target that it asked. */
function Found({ target }: { target: TargetResult }) {
  const found = (target.claims ?? []).flatMap(({ protocol, capacities, lacks = [], found = {} }) =>
    Object.entries(found).map(([name, how]) => ({
      name: `${visible(name)} in ${visible(protocol)}`,
      value: `${
        lacks.includes(name) ? "no: " : capacities[name] === undefined ? "" : `${capacities[name]}: `
      }${how}`,
    }))
  );
  if (found.length === 0) return null;
  return (
    <details class="facts">
      <summary>How attest found its claims</summary>
      <dl>
        {found.map(({ name, value }) => <Fact key={name} name={name} value={visible(value)} />)}
      </dl>
    </details>
  );
}

function Facts({ result }: { result: RunResult }) {
  return (
    <details class="facts run-facts">
      <summary>How this was run</summary>
      <dl>
        <Fact name="command" value={visible(result.command.join(" "))} />
        <Fact name="seed" value={String(result.seed)} />
        <Fact name="started" value={visible(result.startedAt)} />
        <Fact name="attest" value={visible(result.attest.version)} />
        {Object.entries(result.environment).map(([name, value]) => (
          <Fact key={name} name={visible(name)} value={visible(value)} />
        ))}
        {result.announces === undefined
          ? null
          : <Fact name="clients announce" value={visible(result.announces)} />}
        {result.operator === undefined ? null : <Fact name="run by" value={visible(result.operator)} />}
        {result.customer === undefined ? null : <Fact name="for" value={visible(result.customer)} />}
        {result.exit === undefined ? null : <Fact name="exit status" value={String(result.exit)} />}
      </dl>
    </details>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The lines at the end of a printed report for a laboratory's signature. */
export function Signature() {
  return (
    <section class="signature" aria-hidden="true">
      <p>Tested by</p>
      <p>Place and date</p>
      <p>Signature</p>
    </section>
  );
}

function dateOf(rfc3339: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z?)/.exec(rfc3339);
  return found === null ? "" : `${found[1]} ${found[2]}${found[3] === "Z" ? " UTC" : ""}`;
}
