/** The page of the deviations that the expectation file of a shipped variant lists. */
import { readSuites } from "../../lib/catalog/suites.ts";
import type { Case } from "../../lib/suite/file/model.ts";
import { type KnownDeviation, loadExpectations } from "../../lib/target/expectation_file.ts";
import { paragraph, table } from "./markdown.ts";

const FILE = new URL("../../expectations/ec616s.yaml", import.meta.url);
const GENERATED =
  "<!-- Made by `deno task docs` from expectations/ec616s.yaml. Change that, not this page. -->";
/** How many cases of a deviation are named; the file has them all. */
const NAMED = 4;

/** docs/reference/deviations-ec616s.md */
export async function ec616sPage(): Promise<string> {
  const { suites } = await readSuites();
  const cases = new Map(suites.flatMap((suite) => suite.cases.map((one) => [one.id, one] as const)));
  const text = await Deno.readTextFile(FILE);
  const { expectations } = loadExpectations(text, "expectations/ec616s.yaml", (id) => cases.has(id));
  const deviations = [...Map.groupBy(expectations, ({ reason }) => reason)];
  return `${
    [
      GENERATED,
      "# The deviations of EC616S firmware",
      paragraph(
        `What the virtual module does as the variant ec616s, where that is neither what MQTT 3.1.1 demands of a client
        nor what the manual of the command set says. The variant behaves as the vendor's own published source does, so
        this is a worked example of an acceptance run: \`deno task conform --target ec616s\` ends with 0, since all of
        it is known, and \`deno task conform --target ec616s --no-expect\` with 1.`,
      ),
      paragraph(`${deviations.length} deviations show in ${expectations.length} cases.`),
      table(
        ["what the firmware does", "clauses", "cases"],
        deviations.map(([reason, entries]) => [reason, clausesOf(entries, cases), named(entries)]),
      ),
    ].join("\n\n")
  }\n`;
}

function clausesOf(entries: readonly KnownDeviation[], cases: ReadonlyMap<string, Case>): string {
  const all = entries.flatMap((entry) => Object.values(cases.get(entry.case)?.covers ?? {}).flat());
  return [...new Set(all)].sort().join(", ");
}

function named(entries: readonly KnownDeviation[]): string {
  const ids = entries.map((entry) => entry.case);
  const more = ids.length > NAMED ? [`and ${ids.length - NAMED} more`] : [];
  return [...ids.slice(0, NAMED), ...more].join(", ");
}
