import type { CaseResult } from "../../lib/run/result.ts";
import { visible } from "../../lib/ground/text.ts";
import { addressOf } from "./script/address.js";

type Named = Pick<CaseResult, "id" | "target" | "protocol" | "iteration">;

/**
 * The fragment of a case run in the page, without `#`: `case=mqtt/qos2/once;reference;3.1.1`. It is made of names alone, so that
 * a link into one run's page finds the same case in the page of another run.
 */
export function caseAddress({ id, target, protocol, iteration }: Named): string {
  const parts = [id, target, protocol, ...(iteration === undefined ? [] : [String(iteration)])];
  return addressOf(parts.map(visible));
}
