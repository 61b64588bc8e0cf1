import { countAt, type Dialect, resultSpec } from "./dialect.ts";
import type { Counts } from "./line_reader.ts";
import { parseResult } from "./result.ts";

const PLUS = 0x2b;

/** How the lines of a dialect say how many bytes follow: in the line itself, or after it. */
export function countsOf(dialect: Dialect): Counts {
  const counted = dialect.results.filter((spec) => spec.counts !== undefined);
  const none = () => undefined;
  if (counted.length === 0) return { within: none, behind: none };
  const count = (text: Uint8Array, inLine: boolean): number | undefined => {
    if (text[0] !== PLUS) return undefined;
    const parsed = parseResult(inLine ? text.subarray(0, -1) : text, dialect);
    if (parsed.kind !== "result") return undefined;
    const spec = resultSpec(dialect, parsed.prefix);
    const at = countAt(spec);
    if (!spec || at === undefined) return undefined;
    const hasRest = spec.fields.at(-1)?.raw === true;
    // In the line the count is the last field before the rest.
    if (hasRest !== inLine || (inLine && parsed.args.length !== at + 1)) return undefined;
    const value = parsed.args[at]?.value;
    return value !== undefined && value >= 0 ? value : undefined;
  };
  return { within: (text) => count(text, true), behind: (text) => count(text, false) };
}
