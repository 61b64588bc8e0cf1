import type { TargetFile } from "./target_file.ts";

/**
 * The features that a broker is assumed to have if only its address is known: those that the standards require of all.
 */
export const CLAIMED = ["qos1", "qos2", "retained", "wills", "sessions", "wildcards"];

/** The claims of a target file, with default times where the file has none. */
export function claimed(file: TargetFile, address: string, withinMs: number, limitMs: number) {
  return {
    name: file.name,
    address,
    protocols: file.protocols,
    supports: file.supports,
    values: file.values,
    withinMs: file.withinMs ?? withinMs,
    limitMs: file.limitMs ?? limitMs,
  };
}
