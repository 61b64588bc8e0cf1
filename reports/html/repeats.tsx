import type { RepeatedCase } from "../../lib/run/repeats.ts";
import { repeatText } from "../repeat_text.ts";
import { visible } from "../../lib/ground/text.ts";

/** The cases of a repeated run with different verdicts; nothing for a run without repeats. */
export function Flaky({ repeats }: { repeats: readonly RepeatedCase[] }) {
  if (repeats.length === 0) return null;
  const flaky = repeats.filter((one) => one.flaky);
  const most = Math.max(...repeats.map(({ runs }) => runs));
  return (
    <section id="flaky">
      <h2>Flaky cases</h2>
      <p>
        {flaky.length} of {repeats.length} cases that ran more than once, up to {most}{" "}
        times, ended with different verdicts.
      </p>
      {flaky.length === 0 ? null : (
        <table class="clauses">
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col">Protocol</th>
              <th scope="col">Case</th>
              <th scope="col">How often</th>
            </tr>
          </thead>
          <tbody>
            {flaky.map((one) => (
              <tr key={`${one.id} ${one.target} ${one.protocol}`}>
                <td>{visible(one.target)}</td>
                <td>{visible(one.protocol)}</td>
                <td class="id">
                  <a href="#cases" data-find={visible(one.id)}>{visible(one.id)}</a>
                </td>
                <td>{visible(repeatText(one))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
