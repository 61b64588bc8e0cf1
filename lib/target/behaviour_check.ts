import { MANUAL } from "../module/behaviour.ts";
import { suggest } from "../ground/nearest.ts";

/**
 * Returns what is wrong with a behaviour that a target file sets for a virtual module, compared with the
 * default one; undefined if nothing is.
 */
export function behaviourProblem(name: string, value: unknown): string | undefined {
  const problem = kindProblem(MANUAL, name, value);
  if (problem || name !== "noise" || typeof value !== "string") return problem;
  return /^([0-9a-f]{2}){0,100}$/i.test(value)
    ? undefined
    : `expected at most 100 pairs of hex digits for the behaviour "noise", found ${shown(value)}`;
}

function kindProblem(model: object, name: string, value: unknown): string | undefined {
  if (!Object.hasOwn(model, name)) {
    const near = suggest(name, Object.keys(model));
    return `unknown behaviour "${name}"${near === undefined ? "" : `; ${near}`}`;
  }
  const wanted: unknown = Reflect.get(model, name);
  if (typeof wanted !== typeof value || Array.isArray(wanted) !== Array.isArray(value) || value === null) {
    return `expected a value like the manual's ${shown(wanted)} for the behaviour "${name}", found ${
      shown(value)
    }`;
  }
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted) || typeof value !== "object") {
    return undefined;
  }
  for (const [key, inner] of Object.entries(value)) {
    const problem = kindProblem(wanted, key, inner);
    if (problem) return problem;
  }
  return undefined;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
