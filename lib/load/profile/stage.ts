import { duration, type Form, integer } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { share } from "./profile_parts.ts";

const KINDS = ["ramp", "hold", "step", "spike", "wave"] as const;

interface StagePart {
  readonly ms: number;
  /** A share of the groups' rates; 1 is 100 %. */
  readonly rate: number;
  /** A share of the groups' clients; absent to keep the share, which is 1 before the first stage. */
  readonly clients?: number | undefined;
}

/** A period of a load in which the rate and the number of clients follow a simple curve. */
export type Stage =
  /** Changes linearly from the end of the last stage, or from 0 in the first stage, to `rate`. */
  | StagePart & { readonly kind: "ramp" }
  | StagePart & { readonly kind: "hold" }
  /** Changes from the end of the last stage to `rate` in equal steps. */
  | StagePart & { readonly kind: "step"; readonly steps: number }
  /** Jumps to `rate`, and back at the end. */
  | StagePart & { readonly kind: "spike" }
  /** Follows a sine between the rate before and `rate`. */
  | StagePart & { readonly kind: "wave"; readonly periodMs: number };

/** The form of a stage: one of ramp, hold, step, spike and wave with its duration. */
export function stageForm(): Form<Stage> {
  return object("a stage", (keys, report): Stage | undefined => {
    const times = {
      ramp: keys.optional(
        "ramp",
        duration(),
        "changes linearly from the end of the last stage, or from 0 in the first stage, to rate",
      ),
      hold: keys.optional("hold", duration(), "stays at rate"),
      step: keys.optional(
        "step",
        duration(),
        "changes from the end of the last stage to rate in equal steps",
      ),
      spike: keys.optional("spike", duration(), "jumps to rate, and back at its end"),
      wave: keys.optional("wave", duration(), "follows a sine between the end of the last stage and rate"),
    };
    const rate = keys.optional("rate", share(), "the rate as a share of the groups' rates; default 100%") ??
      1;
    const clients = keys.optional(
      "clients",
      share(),
      "the share of clients that is connected; default: as before, at first all",
    );
    const steps = keys.optional("steps", integer({ least: 1, most: 1_000 }), "how many steps; default 5");
    const periodMs = keys.optional(
      "period",
      duration(),
      "the period of a wave; default: the whole stage",
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
    if (ms <= 0 && place) report.add("a stage without length", place);
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
