import type { ModuleBehaviour } from "../behaviour.ts";
import type { Hooks } from "../hooks.ts";

/** A fault that a module can be configured with, to prove that a suite notices it. */
export interface Defect {
  /** The id: words for the fault, with hyphens. */
  readonly id: string;
  /** The fault, as one sentence without a full stop. */
  readonly description: string;
  /** The rows of the command manual and the clauses of MQTT 3.1.1 that it breaks. */
  readonly clauses: readonly string[];
  /** The command set of the modules that can have it; absent for both. */
  readonly commands?: ModuleBehaviour["commands"];
  /** Returns the hooks that it changes, based on the previous ones. */
  readonly change: (hooks: Hooks) => Partial<Hooks>;
}
