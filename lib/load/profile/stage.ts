import { duration, type Form, integer } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { share } from "./profile_parts.ts";

const KINDS = ["ramp", "hold", "step", "spike", "wave"] as const;

interface StagePart {
  readonly ms: number;
  /** A share of the groups' rates; 1 is all. */
  readonly rate: number;
  /** A share of the groups' clients; absent for as many as before, and for all in the first stage. */
  readonly clients?: number | undefined;
}

/** A period of a load, in which the rate and the number of clients follow a simple course. */
export type Stage =
  /** Evenly from where the last stage ended, the first one from 0, to `rate`. */
  | StagePart & { readonly kind: "ramp" }
  | StagePart & { readonly kind: "hold" }
  /** From where the last stage ended to `rate`, in equal steps. */
  | StagePart & { readonly kind: "step"; readonly steps: number }
  /** At once to `rate`, and back at the end. */
  | StagePart & { readonly kind: "spike" }
  /** Up and down between the rate before and `rate`, as a sine. */
  | StagePart & { readonly kind: "wave"; readonly periodMs: number };

/** The form of a stage: one of ramp, hold, step, spike and wave with its duration. */
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
    const common = { ms, rate, clients };
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
