import { duration, type Form, integer } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import type { Search, Stage } from "./profile.ts";
import { amount, share } from "./profile_parts.ts";

const KINDS = ["ramp", "hold", "step", "spike", "wave"] as const;

/** A stage: one of ramp, hold, step, spike and wave with its duration. */
export function stageForm(): Form<Stage> {
  return object("a stage", (keys, report): Stage | undefined => {
    const times = {
      ramp: keys.optional(
        "ramp",
        duration(),
        "evenly from where the last stage ended, the first one from 0, to rate",
      ),
      hold: keys.optional("hold", duration(), "all the time at rate"),
      step: keys.optional("step", duration(), "from where the last stage ended to rate, in equal steps"),
      spike: keys.optional("spike", duration(), "at once to rate, and back at its end"),
      wave: keys.optional("wave", duration(), "up and down between where the last stage ended and rate"),
    };
    const rate = keys.optional("rate", share(), "the rate as a share of the groups' rates; default 100%") ??
      1;
    const clients = keys.optional(
      "clients",
      share(),
      "how many clients are connected, as a share of all; default as many as before, at first all",
    );
    const steps = keys.optional("steps", integer({ least: 1, most: 1_000 }), "how many steps; default 5");
    const periodMs = keys.optional(
      "period",
      duration(),
      "how long a wave takes to come back; default all of the stage",
    );
    const given = KINDS.filter((kind) => keys.has(kind));
    const [kind] = given;
    const place = keys.place(given[1] ?? kind ?? "rate");
    if (given.length !== 1 && place) {
      report.add(
        given.length === 0 ? "a stage without a duration" : `a stage with ${given.join(" and ")}`,
        place,
        "write one of ramp, hold, step, spike and wave",
      );
    }
    if (place && (clients ?? 1) > 1) {
      report.add("more clients than there are", keys.place("clients") ?? place, "at most 100%");
    }
    const ms = kind === undefined ? undefined : times[kind];
    if (kind === undefined || ms === undefined) return undefined;
    if (ms <= 0 && place) report.add("a stage that takes no time", place);
    const common = { ms, rate, ...(clients === undefined ? {} : { clients }) };
    switch (kind) {
      case "step":
        return { kind, ...common, steps: steps ?? 5 };
      case "wave":
        return { kind, ...common, periodMs: Math.max(100, periodMs ?? ms) };
      default:
        return { kind, ...common };
    }
  });
}

/** What a search tries. */
export function searchForm(): Form<Search> {
  return object("a search", (keys, report): Search | undefined => {
    const from = keys.required(
      "from",
      amount("a rate", 10_000_000),
      "the first rate, messages per second of all groups",
    );
    const to = keys.required("to", amount("a rate", 10_000_000), "the highest rate that is tried");
    const holdMs = keys.optional("hold", duration(), "how long each rate is measured; default 5s") ?? 5_000;
    const settleMs = keys.optional("settle", duration(), "how long each rate runs before; default 1s") ??
      1_000;
    const precision =
      keys.optional("precision", share(), "how close the bounds have to be in the end; default 5%") ?? 0.05;
    const place = keys.place("to");
    if (from !== undefined && to !== undefined && to <= from && place) {
      report.add("a highest rate that is not above the first", place);
    }
    if (place && holdMs < 1_000) {
      report.add("a rate held for less than 1 s", keys.place("hold") ?? place, "at least 1s");
    }
    return from === undefined || to === undefined
      ? undefined
      : { from, to, holdMs, settleMs, precision: Math.min(1, Math.max(0.001, precision)) };
  });
}
