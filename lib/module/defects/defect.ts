import type { ModuleBehaviour } from "../behaviour.ts";
import type { Hooks } from "../hooks.ts";

/** A fault that a module can be told to have, so that a suite can prove that it would notice. */
export interface Defect {
  /** The id: words for what is wrong, with hyphens. */
  readonly id: string;
  /** What is wrong, as one sentence without a full stop. */
  readonly description: string;
  /** The rows of the command manual and the clauses of MQTT 3.1.1 that it breaks. */
  readonly clauses: readonly string[];
  /** The command set whose modules can have it; without it modules of both can. */
  readonly commands?: ModuleBehaviour["commands"];
  /** Gives the hooks that it changes, from those before it. */
  readonly change: (hooks: Hooks) => Partial<Hooks>;
}
