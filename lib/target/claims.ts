import type { TargetFile } from "./target_file.ts";

/** The claims of a target file, for the target at an address. */
export function claimed(file: TargetFile, address: string) {
  const { name, protocols, supports, values, valuesIn } = file;
  return { name, address, protocols, supports, values, valuesIn };
}

/** The claims of a target file, with default times if the file has none. */
export function claimedInTime(file: TargetFile, address: string, withinMs: number, limitMs: number) {
  return {
    ...claimed(file, address),
    withinMs: file.withinMs ?? withinMs,
    limitMs: file.limitMs ?? limitMs,
  };
}
