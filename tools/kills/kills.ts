/**
 * Runs `deno task kills`: kills runs of attest at random moments, each once by SIGKILL and once by SIGTERM,
 * and checks what they leave. No process may run 5 s after attest's end, and no temporary folder may be left
 * after the next run. The moments follow from the seed and from how long this machine takes to start the
 * first program. Exits with 0 if that holds, 1 if not, 2 for a wrong command line.
 */
import { parseArgs } from "node:util";
import { messageOf } from "../../lib/ground/error_message.ts";
import { seededRandom } from "../../lib/ground/seeded_random.ts";
import { KillingGround } from "./killing.ts";
import { NEXT, type Run, RUNS } from "./runs.ts";

const CLEAR_WITHIN_MS = 5_000;
const USAGE = `Usage: deno task kills [--seed N] [--times 20] [--runs NAME,…]

Runs: ${RUNS.map(({ name }) => name).join(", ")}`;

interface Asked {
  readonly seed: number;
  readonly times: number;
  readonly runs: readonly Run[];
}

function wholeNumber(text: string, name: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new Error(`expected --${name} as a whole number of at most ${most}, found "${text}"`);
}

function asked(): Asked {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: "string", default: String(Math.floor(Math.random() * 0x1_0000_0000)) },
        times: { type: "string", default: "20" },
        runs: { type: "string" },
      },
    });
    const names = values.runs?.split(",");
    const unknown = names?.find((name) => !RUNS.some((run) => run.name === name));
    if (unknown !== undefined) throw new Error(`unknown run "${unknown}"`);
    return {
      seed: wholeNumber(values.seed, "seed", 0xffff_ffff),
      times: wholeNumber(values.times, "times", 10_000),
      runs: RUNS.filter(({ name }) => names?.includes(name) ?? true),
    };
  } catch (error) {
    console.error(`error: ${messageOf(error)}\n${USAGE}`);
    Deno.exit(2);
  }
}

async function installed(program: string): Promise<boolean> {
  const paths = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin"].map((at) => `${at}/${program}`);
  const found = await Promise.all(paths.map((path) => Deno.stat(path).then(() => true, () => false)));
  return program === "deno" || found.includes(true);
}

/** Kills one kind of run repeatedly and returns the number of faults. */
async function killAll(run: Run, times: number, random: () => number): Promise<number> {
  await using ground = await KillingGround.make();
  const startsAfter = await ground.startsAfter(run);
  let faults = 0;
  let over = 0;
  let busy = 0;
  let folders = 0;
  const took = { SIGKILL: 0, SIGTERM: 0 };
  const cleared = { SIGKILL: 0, SIGTERM: 0 };
  for (let n = 0; n < times; n++) {
    // Half of attest's own start-up time is skipped, because nothing happens in it.
    const afterMs = Math.round(startsAfter / 2 + random() * (startsAfter + run.spanMs));
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      const killed = await ground.kill(run, { signal, afterMs, clearWithinMs: CLEAR_WITHIN_MS });
      if (killed.over) over++;
      if (killed.beside > 0) busy++;
      folders += killed.folders.length > 0 ? 1 : 0;
      took[signal] = Math.max(took[signal], killed.endedMs);
      cleared[signal] = Math.max(cleared[signal], killed.clearMs ?? Infinity);
      if (killed.left.length === 0) continue;
      faults++;
      console.log(`  ${run.name}: ${signal} after ${afterMs} ms leaves\n    ${killed.left.join("\n    ")}`);
    }
  }
  const status = await ground.run(NEXT);
  const left = await ground.folders();
  if (status !== 0 || left.length > 0) {
    faults++;
    console.log(
      `  ${run.name}: after the next run, which ended with ${status}, there is ${
        left.join(", ") || "nothing"
      }`,
    );
  }
  const show = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  console.log(
    `${run.name.padEnd(15)} ${
      2 * times
    } kills, ${busy} with programs running, ${over} when all was over; ended ${
      show(took.SIGKILL)
    } after SIGKILL and ${show(took.SIGTERM)} after SIGTERM at most, clear another ${
      show(cleared.SIGKILL)
    } and ${
      show(cleared.SIGTERM)
    } later; ${folders} left a folder until then, ${left.length} behind the next run`,
  );
  return faults;
}

const { seed, times, runs } = asked();
console.log(`Seed ${seed}, ${times} moments, each for SIGKILL and SIGTERM`);
const random = seededRandom(seed);
let faults = 0;
for (const run of runs) {
  if (await installed(run.needs)) faults += await killAll(run, times, random);
  else console.log(`${run.name.padEnd(15)} skipped: "${run.needs}" is not installed`);
}
console.log(faults === 0 ? "Nothing was left" : `${faults} faults`);
Deno.exit(faults === 0 ? 0 : 1);
