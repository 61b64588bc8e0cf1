/**
 * Writes the expectation file of a broker from a run, and the page of its faults from its list of faults:
 *
 *     deno task conform 'mqtt/*' --target rabbitmq --no-expect --out results/rabbitmq
 *     deno task expectations rabbitmq results/rabbitmq/result.json
 *
 * The results of several runs may be given: a deviation that is not in all of them is known to show `sometimes`. Reasons that
 * the file has already are kept. A deviation that has none, and that no fault of the list explains, is printed, and keeps what
 * the run said as its reason: it has yet to be reproduced by hand.
 */
import {
  formatExpectations,
  type KnownDeviation,
  loadExpectations,
} from "../../lib/target/expectation_file.ts";
import { explained, type Judged, UNPROVEN } from "./deviations.ts";
import { type BrokerFault, type BrokerFaults, readFaults } from "./faults.ts";

const ROOT = new URL("../../", import.meta.url);

if (import.meta.main) {
  const [target = "", ...results] = Deno.args;
  const { list, all } = await readFaults(target);
  const runs = await Promise.all(results.map((result) => readRun(target, result)));
  const { expectations, unexplained, found } = explained(runs, all, await readBefore(target));
  await Deno.writeTextFile(
    new URL(`expectations/${target}.yaml`, ROOT),
    formatExpectations(target, expectations),
  );
  await Deno.writeTextFile(new URL(`docs/reference/faults-${target}.md`, ROOT), page(target, list, found));
  console.log(`${expectations.length} deviations of ${target}, ${unexplained.length} of them unexplained`);
  for (const one of unexplained) console.log(`  ${one.id} (${one.protocol})  ${one.reason}`);
}

async function readRun(target: string, result: string): Promise<readonly Judged[]> {
  const run: { cases: readonly Judged[] } = JSON.parse(await Deno.readTextFile(result));
  return run.cases.filter((one) => one.target === target);
}

/** The reasons that the file gives now; they take precedence over the list of faults. */
async function readBefore(target: string): Promise<readonly KnownDeviation[]> {
  const url = new URL(`expectations/${target}.yaml`, ROOT);
  const text = await Deno.readTextFile(url).catch(() => "");
  return loadExpectations(text, `${target}.yaml`, () => true).expectations
    .filter(({ reason }) => !reason.startsWith(UNPROVEN));
}

function page(
  target: string,
  list: BrokerFaults,
  found: ReadonlyMap<BrokerFault, readonly Judged[]>,
): string {
  const sections = list.faults.map((fault) =>
    [
      `## ${fault.fault}`,
      "",
      "| | |",
      "|---|---|",
      `| clauses | ${fault.clauses.map((clause) => `\`${clause}\``).join(", ")} |`,
      `| sent | ${cell(fault.sent)} |`,
      `| came | ${cell(fault.came)} |`,
      noticed(fault, found.get(fault) ?? []),
      "",
    ].join("\n")
  );
  const others = list.besides === undefined
    ? []
    : [`These come on top of [those of the target \`${list.besides}\`](faults-${list.besides}.md).`];
  return [
    `# Faults of ${list.broker}`,
    "",
    'Each was reproduced by hand, with a few lines that open a socket and write the bytes below. "CONNECT" is',
    "`10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 68 61 6e 64`, with user name and password where the broker wants them.",
    `This page and \`expectations/${target}.yaml\` are made by \`tools/expectations/write.ts\` from \`expectations/faults/${target}.yaml\``,
    "and a run.",
    ...others,
    "",
    ...sections,
  ].join("\n");
}

/** The row that tells which cases notice a fault, or why none does. */
function noticed({ avoided }: BrokerFault, cases: readonly Judged[]): string {
  if (avoided !== undefined && cases.length === 0) return `| no case notices it | ${cell(avoided)} |`;
  const names = [...new Set(cases.map(({ id }) => id.replace(/\[.*$/, "")))];
  return `| case runs that notice it | ${cases.length}: ${names.map((name) => `\`${name}\``).join(", ")} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
