import { sameBytes } from "../../../ground/bytes.ts";
import { bytesOf } from "../../../spec/evaluate.ts";
import { checkBytes } from "../byte_forms.ts";
import { bytesOfData, differs } from "../data.ts";
import type { Matcher } from "../matcher.ts";

/** `{ prefix: x }` */
export const prefix: Matcher = {
  name: "prefix",
  written: "{ prefix: x }",
  about: "text or bytes that begin with x",
  compares: "text",
  check: checkBytes,
  schema: { $ref: "#/$defs/bytes" },
  describe: (value, compare) => `beginning with ${compare.describe(value)}`,
  mismatch(value, actual, compare) {
    const wanted = () => this.describe(value, compare);
    if (actual === undefined) return `is missing, expected ${wanted()}`;
    const start = bytesOf(value, compare.scope);
    return sameBytes(bytesOfData(actual).subarray(0, start.length), start)
      ? undefined
      : differs(actual, wanted());
  },
};
