import type { Hooks } from "../hooks.ts";

/** A fault that a module can be told to have, so that a suite can prove that it would notice. */
export interface Defect {
  /** Words for what is wrong, with hyphens. */
  readonly id: string;
  /** One sentence without a full stop. */
  readonly description: string;
  /** Rows of the command manual and clauses of MQTT 3.1.1 that it breaks. */
  readonly clauses: readonly string[];
  /** The hooks that it changes, given those before it. */
  readonly change: (hooks: Hooks) => Partial<Hooks>;
}
