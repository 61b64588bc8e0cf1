import type { Limits, ModuleBehaviour } from "../behaviour.ts";
import type { Hooks } from "../hooks.ts";

/** Points of the behaviour with other values; of the limits only those that are named. */
export type BehaviourChange = Partial<Omit<ModuleBehaviour, "limits">> & {
  readonly limits?: Partial<Limits>;
};

/** What a target file has to say of a module with a quirk, so that it describes the module truly. */
export interface Claims {
  /** Features that it supports besides. */
  readonly supports?: readonly string[];
  /** Values of the suites that are others. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A lawful peculiarity that a module can be told to have, so that a suite can prove that it accuses no such module. */
export interface ModuleQuirk {
  /** Words for what is peculiar, with hyphens. */
  readonly id: string;
  /** One plain sentence without a full stop. */
  readonly about: string;
  /** Why it is lawful: what the manual, V.250 or MQTT leaves open. One sentence without a full stop. */
  readonly lawful: string;
  /** The command set whose modules can have it; either, where nothing is said. */
  readonly commands?: ModuleBehaviour["commands"];
  /** The behaviour that it changes. */
  readonly behaviour?: BehaviourChange;
  /** The hooks that it changes, given those before it. */
  readonly change?: (hooks: Hooks) => Partial<Hooks>;
  /** The points of hooks and behaviour that a run must consult to show it; default all that it changes. */
  readonly points?: readonly string[];
  readonly claims?: Claims;
}
