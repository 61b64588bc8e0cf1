/**
 * Measures how long commands take to start: seconds from the start of the process to its end, minus those of
 * `deno eval 0` in the same round. The median of several rounds counts, after one that fills the caches.
 */
import { plainTable } from "../../lib/cli/terminal/plain_table.ts";
import { OwnFolder } from "../../lib/target/watch/own_folder.ts";
import { median } from "./median.ts";

const ROUNDS = 5;
const ROOT = new URL("../../", import.meta.url);

/** A command to measure. */
interface Row {
  readonly name: string;
  /** The permission set of its task. */
  readonly permissions: string;
  readonly args: readonly string[];
  /** The required exit status. */
  readonly status: number;
  /** The limit in seconds. */
  readonly goal: number;
}

function rows(out: string): readonly Row[] {
  const conform = { permissions: "conform" };
  return [
    {
      name: "an unknown option",
      ...conform,
      args: ["conform", "--taget", "reference"],
      status: 2,
      goal: 0.7,
    },
    {
      name: "an unknown target",
      ...conform,
      args: ["conform", "--target", "referense"],
      status: 2,
      goal: 0.7,
    },
    {
      name: "one case of one suite",
      ...conform,
      args: [
        ...["conform", "mqtt/ping", "--filter", "mqtt/ping/each-answered", "--target", "reference"],
        ...["--protocol", "3.1.1", "--out", out],
      ],
      status: 0,
      goal: 1.2,
    },
    { name: "list of all cases", permissions: "read", args: ["list"], status: 0, goal: 2.5 },
  ];
}

/** Runs the bench and returns the exit status: 0 if every goal is reached, 1 if not. */
export async function benchStart(): Promise<number> {
  const folder = await OwnFolder.make();
  try {
    const measured = rows(folder.path).map((row) => ({ row, seconds: [] as number[] }));
    for (let round = 0; round <= ROUNDS; round++) {
      const nothing = await secondsOf(["eval", "0"], 0);
      for (const { row, seconds } of measured) {
        const command = ["run", "--quiet", `-P=${row.permissions}`, "main.ts", ...row.args];
        const took = await secondsOf(command, row.status) - nothing;
        if (round > 0) seconds.push(took);
      }
    }
    const judged = measured.map(({ row, seconds }) => ({ row, took: median(seconds), seconds }));
    const lines = judged.map(({ row, took, seconds }) => [
      row.name,
      took.toFixed(2),
      `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`,
      row.goal.toFixed(1),
      took <= row.goal ? "reached" : "missed",
    ]);
    console.log(`Seconds over "deno eval 0", medians of ${ROUNDS}:\n`);
    console.log(plainTable(["start", "median", "least to most", "goal", ""], lines));
    return judged.every(({ row, took }) => took <= row.goal) ? 0 : 1;
  } finally {
    await folder[Symbol.asyncDispose]();
  }
}

/** Measures the seconds of a Deno program. Throws if it does not exit as expected. */
async function secondsOf(args: readonly string[], status: number): Promise<number> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], cwd: ROOT, stdin: "null" });
  const begin = performance.now();
  const { code, stderr } = await command.output();
  const took = (performance.now() - begin) / 1000;
  if (code === status) return took;
  throw new Error(`deno ${args.join(" ")} exited with ${code}:\n${new TextDecoder().decode(stderr)}`);
}
