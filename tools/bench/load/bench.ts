/**
 * Compares attest with other generators of the same load: Debian's Mosquitto is restarted for each
 * measurement, the tools take turns, and the medians of several rounds are shown. Processor time and memory
 * are read from the system for a tool's whole process tree, messages from the broker's own counters. See
 * docs/how-to/bench.md.
 */
import { messageOf } from "../../../lib/ground/error_message.ts";
import { parseArgs } from "node:util";
import { ATTEST } from "./attest.ts";
import { MeasuredBroker } from "./broker.ts";
import { checkReading, type Figures } from "./measure.ts";
import { type Column, findPeers, type Tool } from "./peers.ts";
import { ROWS } from "./rows.ts";
import { judge, type JudgedRow, tableOf } from "./summary.ts";

const HELP = `Usage: deno task bench load [--rows NAME,…] [--tools NAME,…] [--rounds N] [--seconds N]

Rows: ${ROWS.map((row) => row.name).join(", ")}
`;

/**
 * Runs the bench and returns the exit status: 0 if attest reached every goal, 1 if not, 2 for a wrong command
 * line.
 */
export async function benchLoad(args: readonly string[]): Promise<number> {
  const asked = readArgs(args);
  if (typeof asked === "number") return asked;
  const { rows, rounds, seconds, tools: names } = asked;
  const { tools: peers, missing } = await findPeers();
  const found = [...peers, ...ATTEST];
  for (const { name, reason } of missing) console.log(`${name} is missing: ${reason}`);
  const tools = names.length === 0 ? found : found.filter((tool) => names.includes(tool.name));
  const right = await readsRight(found);
  const judged: JudgedRow[] = [];
  for (const row of rows) {
    console.log(`\n${row.work}: ${row.unit}`);
    const results = new Map<string, { column: Column; figures: Figures[] }>();
    for (let round = 1; round <= rounds; round++) {
      for (const tool of tools) {
        const figures = await attempt(tool, (broker) => row.measure(tool, broker, seconds));
        if (!figures) continue;
        const mine = results.get(tool.name) ?? { column: tool.column, figures: [] };
        mine.figures.push(figures);
        results.set(tool.name, mine);
        const rate = figures.messagesPerSecond;
        const extra = rate === undefined ? "" : `, ${Math.round(rate).toLocaleString("en")} messages/s`;
        const remark = figures.remark === undefined ? "" : `; ${figures.remark}`;
        console.log(`  round ${round}  ${tool.name.padEnd(24)} ${row.show(figures)}${extra}${remark}`);
      }
    }
    judged.push(judge(row, results));
  }
  console.log(`\nMedians of ${rounds}:\n${tableOf(judged)}`);
  return right && judged.every(({ verdict }) => verdict === "reached") ? 0 : 1;
}

/** Checks whether processor time as read here agrees with /usr/bin/time: within 5 % and two clock ticks. */
async function readsRight(tools: readonly Tool[]): Promise<boolean> {
  const raw = tools.find((tool) => tool.column === "raw");
  if (!raw) return true;
  await using broker = await MeasuredBroker.start();
  const check = await checkReading(raw, broker);
  if (typeof check === "string") {
    console.log(`Processor time is not compared with /usr/bin/time: ${check}`);
    return true;
  }
  const right = Math.abs(check.read - check.timed) <= 0.05 * check.timed + 0.02;
  console.log(
    `Processor time of ${raw.name} for 3 s: ${check.read.toFixed(2)} s by /proc, ` +
      `${check.timed.toFixed(2)} s by /usr/bin/time${right ? "" : ": THEY DIFFER"}`,
  );
  return right;
}

/** Runs one measurement; a tool that fails loses its own figure and does not stop the run. */
async function attempt(
  tool: Tool,
  measure: (broker: MeasuredBroker) => Promise<Figures | undefined>,
): Promise<Figures | undefined> {
  try {
    await using broker = await MeasuredBroker.start();
    return await measure(broker);
  } catch (error) {
    console.log(`  ${tool.name} failed: ${messageOf(error)}`);
    return undefined;
  }
}

function readArgs(args: readonly string[]) {
  const complain = (text: string) => {
    console.error(`error: ${text}\n\n${HELP}`);
    return 2;
  };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rows: { type: "string" },
        tools: { type: "string" },
        rounds: { type: "string", default: "3" },
        seconds: { type: "string", default: "8" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    const rounds = Number(values.rounds);
    const seconds = Number(values.seconds);
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 99) {
      return complain(`expected --rounds from 1 to 99, found "${values.rounds}"`);
    }
    if (!Number.isInteger(seconds) || seconds < 2 || seconds > 600) {
      return complain(`expected --seconds from 2 to 600, found "${values.seconds}"`);
    }
    const wanted = values.rows?.split(",");
    const unknown = wanted?.find((name) => !ROWS.some((row) => row.name === name));
    if (unknown !== undefined) return complain(`unknown row "${unknown}"`);
    const rows = ROWS.filter((row) => wanted?.includes(row.name) ?? true);
    return { rows, rounds, seconds, tools: values.tools?.split(",") ?? [] };
  } catch (error) {
    return complain(messageOf(error));
  }
}
