import type { LoadResult } from "../../lib/run/load_result.ts";
import type { Standing } from "../../lib/run/standing.ts";
import { Mark } from "../html/marks.tsx";
import { visible } from "../../lib/ground/text.ts";
import type { LoadRun } from "./load_run.ts";

/** The outcome of a load in a few words, and the standing that gives its colour. */
export function headlineOf(result: LoadRun): {
  readonly text: string;
  readonly tone: Standing;
} {
  const { thresholds, promises, generatorLimited } = result.load;
  if (generatorLimited !== undefined) return { text: "generator-limited", tone: "inconclusive" };
  const broken = promises.filter(({ verdict }) => verdict === "fail").length;
  const missed = thresholds.filter(({ verdict }) => verdict === "fail").length;
  const open = thresholds.filter(({ verdict }) => verdict === "inconclusive" || verdict === "skip").length;
  const parts = [
    ...(broken > 0 ? [`${broken} of ${promises.length} promises broken`] : []),
    ...(missed > 0 ? [`${missed} of ${thresholds.length} thresholds missed`] : []),
  ];
  if (parts.length > 0) return { text: parts.join(", "), tone: "fail" };
  if (open > 0) {
    return { text: `${open} of ${thresholds.length} thresholds inconclusive`, tone: "inconclusive" };
  }
  if (!result.complete) return { text: "the run did not end", tone: "inconclusive" };
  if (result.unjudged !== undefined) return { text: "nothing was judged", tone: "inconclusive" };
  if (thresholds.length === 0) return { text: "all promises kept", tone: "pass" };
  const all = thresholds.length === 1 ? "the threshold holds" : `all ${thresholds.length} thresholds hold`;
  return { text: all, tone: "pass" };
}

/** Thresholds and promises with their outcomes. */
export function Verdicts({ load }: { load: LoadResult }) {
  return (
    <div class="wide">
      {load.thresholds.length === 0 ? null : (
        <table class="numbers" id="thresholds">
          <thead>
            <tr>
              <th>threshold</th>
              <th>measured</th>
              <th class="text">verdict</th>
            </tr>
          </thead>
          <tbody>
            {load.thresholds.map(({ expression, shown, verdict }) => (
              <tr key={expression} class={verdict}>
                <td class="id">{visible(expression)}</td>
                <td>{visible(shown)}</td>
                <VerdictCell verdict={verdict} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {load.promises.length === 0
        ? null
        : (
          <details class="facts" open={load.promises.some(({ verdict }) => verdict === "fail")}>
            <summary>
              Promises: {load.promises.filter(({ verdict }) => verdict === "pass").length} of{" "}
              {load.promises.length} kept
            </summary>
            <table class="numbers" id="promises">
              <thead>
                <tr>
                  <th>promise</th>
                  <th class="text">which is</th>
                  <th>broken</th>
                  <th class="text">verdict</th>
                </tr>
              </thead>
              <tbody>
                {load.promises.map(({ name, text, broken, verdict }) => (
                  <tr key={name} class={verdict}>
                    <td>{visible(name)}</td>
                    <td class="text">{visible(text)}</td>
                    <td>{broken}</td>
                    <VerdictCell verdict={verdict} />
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
    </div>
  );
}

function VerdictCell({ verdict }: { verdict: Standing }) {
  return (
    <td class="text">
      <Mark of={verdict} /> <span class="word">{verdict}</span>
    </td>
  );
}
