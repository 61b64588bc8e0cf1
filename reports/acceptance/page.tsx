import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import type { RunResult, TargetResult } from "../../lib/run/result.ts";
import { visible } from "../../lib/ground/text.ts";
import { hashOf } from "../html/policy.ts";
import { shellWord } from "../../lib/ground/shell_word.ts";
import css from "./acceptance.css" with { type: "text" };
import { BrokenStatements, notesOf, NoteTable } from "./against.tsx";
import { judgedLine, statementsOf } from "./statements.ts";
import { Clauses, Skipped, Suites, Values } from "./tables.tsx";
import { acceptanceOf, RULE } from "./verdict.ts";

/**
 * The acceptance report: one page without script, to be printed and signed, with a part of its own for each target. It
 * says who was tested, by whom and for whom, with which files, the result, and what follows.
 */
export function renderAcceptance(result: RunResult): string {
  const targets = result.targets.length > 0 ? result.targets : [];
  const body = renderToString(
    <main>
      {targets.map((target) => <Part key={target.name} result={result} target={target} />)}
      {targets.length === 0 ? <p>No target was reached, so that there is nothing to accept.</p> : null}
    </main>,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(css)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
${renderToString(<title>{`Acceptance report ${visible(targets.map(({ name }) => name).join(", "))}`}</title>)}
<style>${css}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function Part({ result, target }: { result: RunResult; target: TargetResult }) {
  const { verdict, because } = acceptanceOf(result, target.name);
  const judged = judgedLine(statementsOf(result, target));
  const notes = notesOf(result, target);
  return (
    <article>
      <h1>Acceptance report</h1>
      <p class={`verdict ${verdict.replaceAll(" ", "-")}`}>
        <strong>{verdict}</strong>
        <span>{visible(because)}</span>
        {judged === "" ? null : <span class="judged">{judged}</span>}
      </p>
      <div class="columns">
        <Tested target={target} />
        <Test result={result} />
      </div>
      <Clauses result={result} target={target} />
      <p class="rule">{RULE}</p>
      <Signatures result={result} />
      <Suites result={result} target={target} />
      <Values result={result} target={target} />
      <NoteTable title="What stands against it" notes={notes.failures} />
      <NoteTable
        title="Deviations"
        note="Known and listed with their reasons before the test; they do not refuse the target."
        notes={notes.deviations}
      />
      <NoteTable
        title="Warnings"
        note="What a SHOULD or a MAY asks for and the target does not do; they do not refuse the target."
        notes={notes.warnings}
      />
      <BrokenStatements result={result} target={target} notes={notes} />
      <Skipped result={result} target={target} />
      <Sources result={result} />
    </article>
  );
}

const IDENTITY: readonly (readonly [part: string, label: string])[] = [
  ["manufacturer", "Manufacturer"],
  ["model", "Model"],
  ["revision", "Firmware"],
  ["serial", "Serial number"],
];

function Tested({ target }: { target: TargetResult }) {
  const { identity = {}, untold = [], tests } = target;
  const known = IDENTITY.map(([part]) => part);
  return (
    <section>
      <h2>What was tested</h2>
      <dl>
        {IDENTITY.map(([part, label]) => {
          const value = identity[part];
          if (value === undefined && !untold.includes(part) && tests !== "module") return null;
          return <Fact key={part} name={label}>{value === undefined ? "not reported" : visible(value)}</Fact>;
        })}
        {Object.entries(identity).filter(([part]) => !known.includes(part)).map(([part, value]) => (
          <Fact key={part} name={visible(part)}>{visible(value)}</Fact>
        ))}
        <Fact name="Target">{visible(target.name)}</Fact>
        <Fact name="Reached at">{visible(target.address)}</Fact>
        {target.version === undefined ? null : <Fact name="Version">{visible(target.version)}</Fact>}
        <Fact name="Speaks">{visible(target.protocols.join(", "))}</Fact>
        <Fact name="Claims">
          {target.supports.length === 0
            ? "nothing beyond what is demanded of all"
            : visible(target.supports.join(", "))}
        </Fact>
      </dl>
    </section>
  );
}

function Test({ result }: { result: RunResult }) {
  return (
    <section>
      <h2>The test</h2>
      <dl>
        <Fact name="Run by">{result.operator === undefined ? "not given" : visible(result.operator)}</Fact>
        <Fact name="For">{result.customer === undefined ? "not given" : visible(result.customer)}</Fact>
        <Fact name="Begun">{visible(result.startedAt)}</Fact>
        <Fact name="Lasted">{(result.durationMs / 1000).toFixed(1)} s</Fact>
        <Fact name="Tool">attest {visible(result.attest.version)}, seed {String(result.seed)}</Fact>
        <Fact name="On">
          {visible(Object.entries(result.environment).map(([name, value]) => `${name} ${value}`).join(", "))}
        </Fact>
        <Fact name="Command">
          <code>{result.command.map(shellWord).join(" ")}</code>
        </Fact>
        {result.masked ? <Fact name="Masked">identifiers, names and passwords, as asked for</Fact> : null}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Sources({ result }: { result: RunResult }) {
  if (result.sources.length === 0) return null;
  return (
    <section>
      <h2>Files</h2>
      <p class="note">What the test was made from, each with the SHA-256 of its bytes.</p>
      <table class="files">
        <tbody>
          {result.sources.map(({ what, file, sha256 }) => (
            <tr key={file}>
              <th scope="row">{visible(file)}</th>
              <td>{what}</td>
              <td class="hash">{visible(sha256)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Signatures({ result }: { result: RunResult }) {
  const lines = [
    ["Tested by", result.operator ?? ""],
    ["Accepted for the customer", result.customer ?? ""],
  ] as const;
  return (
    <section class="signatures">
      {lines.map(([label, name]) => (
        <div key={label}>
          <p class="line" />
          <p>{label}{name === "" ? "" : `: ${visible(name)}`}</p>
          <p class="note">place, date, signature</p>
        </div>
      ))}
    </section>
  );
}
