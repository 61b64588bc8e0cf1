import { duration, type Form } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { reportAt } from "./report_at.ts";

/** A time that is drawn: always the same, uniform between two, or exponential, as for events at random times. In ms. */
export type Spread =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "even"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "exponential"; readonly meanMs: number };

/** Draws a time in ms; `random` is from 0 to below 1. */
export function drawMs(spread: Spread, random: number): number {
  switch (spread.kind) {
    case "fixed":
      return spread.ms;
    case "even":
      return spread.fromMs + (spread.toMs - spread.fromMs) * random;
    case "exponential":
      return (0 - Math.log(1 - random)) * spread.meanMs;
  }
}

/** The form of a spread: `5s`, `{ from: 1s, to: 3s }` or `{ mean: 5m }`. */
export function spreadForm(): Form<Spread> {
  const fixed = duration();
  const drawn = object("a spread of times", (keys, report): Spread | undefined => {
    const fromMs = keys.optional("from", duration(), "the shortest; all between are equally likely");
    const toMs = keys.optional("to", duration(), "the longest");
    const meanMs = keys.optional(
      "mean",
      duration(),
      "their mean; exponential, as for events at random times",
    );
    if (meanMs !== undefined && (fromMs !== undefined || toMs !== undefined)) {
      reportAt(
        keys,
        report,
        "mean",
        "a mean beside from and to",
        "write { mean: 5m } or { from: 1s, to: 3s }",
      );
    } else if (meanMs !== undefined) return { kind: "exponential", meanMs };
    else if (fromMs === undefined || toMs === undefined) {
      const key = keys.has("from") ? "from" : "to";
      reportAt(
        keys,
        report,
        key,
        "a spread that is not complete",
        "write { mean: 5m } or { from: 1s, to: 3s }",
      );
    } else if (toMs < fromMs) reportAt(keys, report, "to", "a longest time below the shortest");
    else return { kind: "even", fromMs, toMs };
    return undefined;
  });
  return {
    read(node, report) {
      if (node.kind === "map") return drawn.read(node, report);
      const ms = fixed.read(node, report);
      return ms === undefined ? undefined : { kind: "fixed", ms };
    },
    schema: (definitions) => ({ anyOf: [fixed.schema(definitions), drawn.schema(definitions)] }),
  };
}
