import { entryOf } from "../../../spec/node.ts";
import { isVariable } from "../byte_forms.ts";
import { bytesOfData } from "../data.ts";
import { checkInteger } from "../kind/integer.ts";
import type { Matcher } from "../matcher.ts";
import { checkBetween } from "./between.ts";

/** `{ size: 5 }`, `{ size: { between: [1, 5] } }` */
export const size: Matcher = {
  name: "size",
  written: "{ size: 5 }",
  about: "text or bytes of this many bytes; `{ size: { between: [1, 5] } }` for a range",
  compares: "text",
  check(node, report) {
    const bounds = node.kind === "map" && node.entries.length === 1 ? entryOf(node, "between") : undefined;
    if (bounds) return checkBetween(bounds.value, report);
    if (!isVariable(node)) checkInteger(0xffff_ffff, node, report);
  },
  schema: {},
  describe: (value, compare) => `of the size ${compare.describe(value)}`,
  mismatch(value, actual, compare) {
    const wanted = () => this.describe(value, compare);
    if (actual === undefined) return `is missing, expected ${wanted()}`;
    const length = bytesOfData(actual).length;
    return compare.mismatch(value, length) === undefined
      ? undefined
      : `has ${length} bytes, expected ${wanted()}`;
  },
};
