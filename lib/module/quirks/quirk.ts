import type { Limits, ModuleBehaviour } from "../behaviour.ts";
import type { Hooks } from "../hooks.ts";

/** A change to the behaviour; limits that are not named stay as they are. */
export type BehaviourChange = Partial<Omit<ModuleBehaviour, "limits">> & {
  readonly limits?: Partial<Limits>;
};

/** The claims that a target file has to make to describe a module with a quirk truly. */
export interface Claims {
  /** The features that it supports besides. */
  readonly supports?: readonly string[];
  /** The values that differ from the defaults of the suites. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A lawful peculiarity that a module can be told to have, so that a suite can prove that it accuses no such module. */
export interface ModuleQuirk {
  /** The id: words for what is peculiar, with hyphens. */
  readonly id: string;
  /** What is peculiar, as one plain sentence without a full stop. */
  readonly about: string;
  /** Why it is lawful, as one sentence without a full stop: what the manual, V.250 or MQTT leaves open. */
  readonly lawful: string;
  /** The command set whose modules can have it; without it modules of both can. */
  readonly commands?: ModuleBehaviour["commands"];
  /** The behaviour that it changes. */
  readonly behaviour?: BehaviourChange;
  /** Gives the hooks that it changes, from those before it. */
  readonly change?: (hooks: Hooks) => Partial<Hooks>;
  /** The points of hooks and behaviour that a run consults when it meets the quirk; default all that it changes. */
  readonly points?: readonly string[];
  readonly claims?: Claims;
}
