import type { TargetFile } from "./target_file.ts";

/** What a target file claims, of the target at an address. */
export function claimed(file: TargetFile, address: string) {
  const { name, protocols, supports, values, valuesIn } = file;
  return { name, address, protocols, supports, values, valuesIn };
}

/** What a target file claims, with default times where the file has none. */
export function claimedInTime(file: TargetFile, address: string, withinMs: number, limitMs: number) {
  return {
    ...claimed(file, address),
    withinMs: file.withinMs ?? withinMs,
    limitMs: file.limitMs ?? limitMs,
  };
}
