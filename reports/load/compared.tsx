import { visible } from "../../lib/ground/text.ts";
import type { ComparedFigure, LoadSet } from "./comparison.ts";

/** The figures of all sets, and how the others differ from the first. */
export function Compared(
  { sets, figures }: { sets: readonly LoadSet[]; figures: readonly ComparedFigure[] },
) {
  const few = figures.some(({ differences }) => differences.some((one) => one?.evidence === "too few runs"));
  return (
    <section id="comparison">
      <h2>Figures</h2>
      <div class="wide">
        <table class="numbers">
          <thead>
            <tr>
              <th>figure</th>
              {sets.flatMap(({ name, loads }, index) => [
                <th key={name}>{visible(name)}{loads.length > 1 ? ", median" : ""}</th>,
                loads.length > 1 ? <th key={`${name} range`}>least to most</th> : null,
                index > 0 ? <th key={`${name} difference`}>difference</th> : null,
                index > 0 ? <th key={`${name} evidence`} class="text">evidence</th> : null,
              ])}
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.name}>
                <td class="id">{figure.name}</td>
                {sets.flatMap(({ name, loads }, index) => {
                  const spread = figure.spreads[index];
                  const difference = figure.differences[index - 1];
                  const tone = difference?.judgement === "worse"
                    ? "fail"
                    : difference?.judgement === "better"
                    ? "pass"
                    : "none";
                  return [
                    <td key={name}>{spread?.shown ?? "–"}</td>,
                    loads.length > 1
                      ? <td key={`${name} range`} class="dim">{spread?.range ?? "–"}</td>
                      : null,
                    index > 0 ? <td key={`${name} difference`}>{difference?.shown ?? "–"}</td> : null,
                    index > 0
                      ? (
                        <td key={`${name} evidence`} class={`text ${tone}`}>
                          {difference === undefined || difference.evidence === "too few runs" ? "–" : (
                            <>
                              {difference.judgement === "none shown" ? null : (
                                <>
                                  <span class="word">{difference.judgement}</span>,{" "}
                                </>
                              )}
                              {difference.evidence} <small>p = {difference.p.toFixed(3)}</small>
                            </>
                          )}
                        </td>
                      )
                      : null,
                  ];
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {few
        ? (
          <p class="notice" role="note">
            Too few runs: whether a difference is more than chance, only repeated runs can tell, four of each
            at least.
          </p>
        )
        : null}
      <p class="sub">
        A difference is significant if chance alone would separate the runs this far in fewer than 1 of 20
        cases, by a rank test (Mann–Whitney, two-sided). Among twenty figures, expect one to be significant by
        chance.
      </p>
    </section>
  );
}
