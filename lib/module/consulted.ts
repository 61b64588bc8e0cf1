/**
 * Records which hooks and points of behaviour a run consults, so a prover runs only the cases that would
 * encounter a defect or a quirk. A point is the name of a member (`resends`, `pingAt`), of a limit
 * (`limits.topic`), or of a hook and its subject (`send CONNECT`, `urc ECMTPUB`, `besides power-on`).
 */
import { recordedHooks as recorded } from "../ground/recorded_hooks.ts";
import type { Limits, ModuleBehaviour } from "./behaviour.ts";
import type { Hooks } from "./hooks.ts";

/** Called with each point as it is consulted. */
export type Consulted = (point: string) => void;

/** Wraps hooks so that `consulted` is called with each hook and its subject. */
export function recordedHooks(hooks: Hooks, consulted: Consulted): Hooks {
  return recorded(hooks, consulted, subject);
}

/** Wraps a behaviour so that `consulted` is called with each point that is read. */
export function recordedBehaviour(behaviour: ModuleBehaviour, consulted: Consulted): ModuleBehaviour {
  const limits: Limits = recordedMembers(behaviour.limits, (name) => consulted(`limits.${name}`));
  return recordedMembers({ ...behaviour, limits }, consulted);
}

/** Whether a run that consulted the points `seen` has consulted `point`, for any subject. */
export function isConsulted(point: string, seen: ReadonlySet<string>): boolean {
  return seen.has(point) || [...seen].some((one) => one.startsWith(`${point} `));
}

function recordedMembers<T extends object>(members: T, consulted: Consulted): T {
  return new Proxy(members, {
    get(target, name) {
      consulted(String(name));
      const value: unknown = Reflect.get(target, name);
      return value;
    },
  });
}

/** Returns the subject of a hook if it is a word: a command, a packet type, a result's name. */
function subject(given: unknown): string {
  if (typeof given === "string") return /^[A-Za-z0-9.-]{1,40}$/.test(given) ? given : "";
  if (typeof given !== "object" || given === null) return "";
  const named: unknown = "type" in given ? given.type : "name" in given ? given.name : "";
  return typeof named === "string" ? named : "";
}
