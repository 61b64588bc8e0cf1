import { containsBytes } from "../../../ground/bytes.ts";
import { bytesOf } from "../../../spec/evaluate.ts";
import { checkBytes } from "../byte_forms.ts";
import { bytesOfData, differs } from "../data.ts";
import type { Matcher } from "../matcher.ts";

/** `{ contains: x }` */
export const contains: Matcher = {
  name: "contains",
  written: "{ contains: x }",
  about: "text or bytes that contain x",
  compares: "text",
  check: checkBytes,
  schema: { $ref: "#/$defs/bytes" },
  describe: (value, compare) => `containing ${compare.describe(value)}`,
  mismatch(value, actual, compare) {
    const wanted = () => this.describe(value, compare);
    if (actual === undefined) return `is missing, expected ${wanted()}`;
    return containsBytes(bytesOfData(actual), bytesOf(value, compare.scope))
      ? undefined
      : differs(actual, wanted());
  },
};
