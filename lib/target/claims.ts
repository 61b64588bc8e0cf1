import type { TargetFile } from "./target_file.ts";

/** What every broker is taken to have that is known by its address alone: what the standards demand of all. */
export const CLAIMED = ["qos1", "qos2", "retained", "wills", "sessions", "wildcards"];

/** What a target says of itself, with the times that hold where its file says none. */
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
