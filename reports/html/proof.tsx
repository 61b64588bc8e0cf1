import type { DefectResult, QuirksResult, RunResult } from "../../lib/run/result.ts";
import { unprovenCases } from "../../lib/run/result.ts";
import { visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";

/** The defects of a `prove` run; unnoticed ones come first. */
export function Defects({ result }: { result: RunResult }) {
  if (result.defects.length === 0) return null;
  const unproven = unprovenCases(result);
  const sorted = result.defects.toSorted((a, b) =>
    Number(a.noticedBy.length > 0) - Number(b.noticedBy.length > 0)
  );
  return (
    <section id="defects">
      <h2>Defects</h2>
      <p>
        {result.defects.filter((defect) => defect.noticedBy.length > 0).length} of {result.defects.length}
        {" "}
        defects are noticed; no defect breaks {unproven.length} cases
      </p>
      <table class="clauses">
        <thead>
          <tr>
            <th scope="col">Noticed</th>
            <th scope="col">Defect</th>
            <th scope="col">What it does</th>
            <th scope="col">By</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((defect) => <Defect key={defect.target + defect.defect} defect={defect} />)}
        </tbody>
      </table>
      {unproven.length === 0 ? null : (
        <details>
          <summary>Cases that no defect breaks</summary>
          <ul class="names">{unproven.map((id) => <li key={id}>{visible(id)}</li>)}</ul>
        </details>
      )}
    </section>
  );
}

function Defect({ defect }: { defect: DefectResult }) {
  const [first, ...others] = defect.noticedBy;
  return (
    <tr>
      <td>
        <Mark of={first === undefined ? "fail" : "pass"} />
      </td>
      <td class="id">
        {visible(defect.defect)} <span class="chip">{visible(defect.target)}</span>
      </td>
      <td>{visible(defect.description)}</td>
      <td>
        {first === undefined ? "no case" : visible(first)}
        {others.length === 0 ? null : (
          <small class="dim" title={visible(others.slice(0, 30).join("\n"))}>
            and {others.length} more
          </small>
        )}
      </td>
    </tr>
  );
}

/** The quirks of a `prove --quirks` run; those with a failed case come first. */
export function Quirks({ result: { quirks = [] } }: { result: RunResult }) {
  if (quirks.length === 0) return null;
  const sorted = quirks.toSorted((a, b) => b.failing.length - a.failing.length);
  const runs = quirks.reduce((sum, { cases, skipped }) => sum + cases - skipped, 0);
  return (
    <section id="quirks">
      <h2>Quirks</h2>
      <p>
        {runs} case runs under {quirks.length} allowed quirks and sets of quirks;{" "}
        {quirks.filter(({ failing }) => failing.length > 0).length} of them make a case fail
      </p>
      <table class="clauses">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Quirk</th>
            <th scope="col">What the implementation does</th>
            <th scope="col">Failing</th>
            <th scope="col">Run</th>
            <th scope="col">Skipped</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((set) => <QuirkSet key={set.target + set.name} set={set} />)}
        </tbody>
      </table>
    </section>
  );
}

function QuirkSet({ set }: { set: QuirksResult }) {
  const [first, ...others] = set.failing.map(({ id, protocol }) => `${id} (${protocol})`);
  return (
    <tr>
      <td>
        <Mark of={first === undefined ? "pass" : "fail"} />
      </td>
      <td class="id">
        {visible(set.name)} <span class="chip">{visible(set.target)}</span>
      </td>
      <td>
        {set.quirks.length === 1
          ? set.quirks.map(({ about }) => visible(about))
          : visible(set.quirks.map(({ id }) => id).join(", "))}
      </td>
      <td>
        {first === undefined ? "no case" : visible(first)}
        {others.length === 0 ? null : (
          <small class="dim" title={visible(others.slice(0, 30).join("\n"))}>
            and {others.length} more
          </small>
        )}
      </td>
      <td class="number">{set.cases - set.skipped}</td>
      <td class="number">{set.skipped}</td>
    </tr>
  );
}
