import type { CaseResult } from "../../lib/run/result.ts";
import { type Standing, STANDINGS } from "../../lib/run/standing.ts";
import { nameInSuite } from "../case_name.ts";
import { STANDING_NAMES } from "../failure_text.ts";
import { visible } from "../../lib/ground/text.ts";
import { Mark } from "./marks.tsx";

/** One implementation in one protocol. */
interface Column {
  readonly key: string;
  readonly target: string;
  readonly protocol: string;
}

interface Numbered {
  readonly one: CaseResult;
  readonly number: number;
}

/** Cases × targets, suite by suite; there is none where every case has run once only. */
export function Matrix({ cases }: { cases: readonly CaseResult[] }) {
  const numbered = cases.map((one, number) => ({ one, number }));
  const suites = [...Map.groupBy(numbered, ({ one }) => one.suite)]
    .map(([suite, own]) => ({ suite, own, columns: columnsOf(own) }))
    .filter(({ columns }) => columns.length > 1);
  if (suites.length === 0) return null;
  // Suites that ran on the same columns stand under one head.
  const groups = Map.groupBy(suites, ({ columns }) => columns.map(({ key }) => key).join());
  return (
    <section id="matrix">
      <h2>Matrix</h2>
      {[...groups.values()].map((group) => {
        const columns = group[0]?.columns ?? [];
        return (
          <div class="matrix" key={columns[0]?.key ?? ""}>
            <table>
              <thead>
                <tr>
                  <td />
                  {columns.map(({ key, target, protocol }) => (
                    <th key={key} scope="col">
                      {visible(target)} <small>{visible(protocol)}</small>
                    </th>
                  ))}
                </tr>
              </thead>
            </table>
            {group.map(({ suite, own }) => (
              <SuiteMatrix key={suite} suite={suite} own={own} columns={columns} />
            ))}
          </div>
        );
      })}
    </section>
  );
}

function columnsOf(own: readonly Numbered[]): readonly Column[] {
  const found = new Map<string, Column>();
  for (const { one: { target, protocol } } of own) {
    const key = JSON.stringify([target, protocol]);
    found.set(key, { key, target, protocol });
  }
  return [...found.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}

function SuiteMatrix(
  { suite, own, columns }: { suite: string; own: readonly Numbered[]; columns: readonly Column[] },
) {
  const cells = Map.groupBy(own, ({ one }) => cellKey(one.id, one.target, one.protocol));
  const ids = [...new Set(own.map(({ one }) => one.id))];
  const calm = own.every(({ one }) => one.standing === "pass" || one.standing === "skip");
  return (
    <details open={!calm}>
      <summary>
        {visible(suite)} {calm
          ? (
            <span class="tally">
              <Mark of="pass" /> {own.length}
            </span>
          )
          : null}
      </summary>
      <table>
        <tbody>
          {ids.map((id) => (
            <tr key={id}>
              <th scope="row">{visible(nameInSuite({ id, suite }))}</th>
              {columns.map(({ key, target, protocol }) => (
                <td key={key}>
                  <Cell runs={cells.get(cellKey(id, target, protocol)) ?? []} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function cellKey(id: string, target: string, protocol: string): string {
  return JSON.stringify([id, target, protocol]);
}

function Cell({ runs }: { runs: readonly Numbered[] }) {
  const gravest = runs.toSorted((a, b) => rank(a.one.standing) - rank(b.one.standing))[0];
  if (gravest === undefined) return <span class="dim" title="not run here">·</span>;
  const { one, number } = gravest;
  return (
    <a href={`#c${number}`} title={STANDING_NAMES[one.standing]}>
      <Mark of={one.standing} />
      {runs.length > 1 ? <small>×{runs.length}</small> : null}
    </a>
  );
}

function rank(standing: Standing): number {
  return STANDINGS.indexOf(standing);
}
