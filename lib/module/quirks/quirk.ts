import type { Limits, ModuleBehaviour } from "../behaviour.ts";
import type { Hooks } from "../hooks.ts";

/** A change to the behaviour; limits that are not named keep their values. */
export type BehaviourChange = Partial<Omit<ModuleBehaviour, "limits">> & {
  readonly limits?: Partial<Limits>;
};

/** The claims that a target file must make to describe a module with a quirk correctly. */
export interface Claims {
  /** Additional features that it supports. */
  readonly supports?: readonly string[];
  /** The values that differ from the defaults of the suites. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/**
 * A lawful peculiarity that a module can be configured with, to prove that a suite does not accuse such a
 * module.
 */
export interface ModuleQuirk {
  /** The id: words for the peculiarity, with hyphens. */
  readonly id: string;
  /** The peculiarity, as one plain sentence without a full stop. */
  readonly about: string;
  /** Why it is lawful, as one sentence without a full stop: what the manual, V.250 or MQTT leaves open. */
  readonly lawful: string;
  /** The command set of the modules that can have it; absent for both. */
  readonly commands?: ModuleBehaviour["commands"];
  /** The behaviour that it changes. */
  readonly behaviour?: BehaviourChange;
  /** Returns the hooks that it changes, based on the previous ones. */
  readonly change?: (hooks: Hooks) => Partial<Hooks>;
  /**
   * The points of hooks and behaviour that a run consults when it encounters the quirk; default everything
   * that it changes.
   */
  readonly points?: readonly string[];
  readonly claims?: Claims;
}
