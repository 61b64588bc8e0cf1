import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Observation } from "../../target/probe/observation.ts";
import { probe } from "../../target/probe/probe.ts";
import { targetText } from "../../target/probe/target_text.ts";
import { loadTarget } from "../../target/target_file.ts";
import { reach } from "../../target/reach.ts";
import { type BrokerTarget, type Target, TargetError } from "../../target/target.ts";
import { TransportError } from "../../transport/error.ts";
import { Command } from "./command.ts";
import { Interrupt } from "../interrupt.ts";
import { duration, wholeNumber } from "../options.ts";
import { writeWhole } from "../../catalog/whole_file.ts";
import { runFolder } from "./run_parts.ts";
import { readText } from "../../catalog/text_file.ts";
import { findTarget, type NamedTarget } from "../../catalog/targets.ts";
import type { Screen } from "../terminal/screen.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** How long to wait for one answer, in milliseconds. */
const PATIENCE_MS = 3_000;
const LARGEST = 2 * 1024 * 1024;
const WATCH_MS = 15_000;

/** Makes the command `probe`, which passes its exit status to `exit`. */
export function probeCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("probe")
    .requiredOption(
      "--target <target>",
      "the broker: an address (mqtt://host:port), a name in suites/targets, or a target file",
    )
    .option("--out <folder>", "where the target file goes; default results/<time>-probe")
    .option(
      "--largest <bytes>",
      "the largest payload that is tried, 1 to 268435000",
      wholeNumber(1, 268_435_000),
      LARGEST,
    )
    .option(
      "--watch <duration>",
      "how long to wait for the broker to close a connection that says nothing (5s, 2m)",
      duration,
      WATCH_MS,
    )
    .action(async (options) => {
      const named = await findTarget(options.target);
      if (named.file.tests !== "broker") {
        throw new UsageError(`"${named.file.name}" is a module; a probe asks a broker`);
      }
      using interrupt = new Interrupt();
      try {
        await using target = await reachedBroker(named, interrupt.signal);
        await probeTarget(screen, named, target, options, interrupt.signal);
        exit(0);
      } catch (error) {
        if (interrupt.signal.aborted) return exit(130);
        if (!(error instanceof TargetError) && !(error instanceof TransportError)) throw error;
        screen.complain(`error: ${error.message}`);
        exit(3);
      }
    });
}

interface ProbeCommandOptions {
  readonly out?: string;
  readonly largest: number;
  readonly watch: number;
}

async function probeTarget(
  screen: Screen,
  { file, url }: NamedTarget,
  target: BrokerTarget,
  options: ProbeCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  screen.print(`Probing ${file.name} at ${target.address}${target.version ? ` (${target.version})` : ""}`);
  const tell = ({ about, found, feature }: Observation) =>
    screen.print(`${feature ? (feature.there ? "+" : "-") : " "} ${about}: ${found}`);
  const probed = await probe({
    reach: {
      open: (signal) => target.connect(signal),
      ...target.credentials,
      patienceMs: PATIENCE_MS,
      signal,
    },
    prefix: `att${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? ""}`.slice(0, 9),
    largest: options.largest,
    watchMs: options.watch,
    onObservation: tell,
  });
  if (probed.protocols.length === 0) {
    throw new TargetError(
      probed.refusesUser
        ? `The broker at ${target.address} lets ${
          target.credentials
            ? "the user of the target file not in"
            : "nobody in without a user name and password that it knows"
        }; give those that it knows under "credentials" in a target file`
        : `The broker at ${target.address} accepts a CONNECT of no version; nothing could be asked`,
    );
  }
  const folder = options.out ?? runFolder("probe");
  const text = targetText(probed, {
    name: file.name,
    of: url
      ? { file: await readText(url), expectations: expectationsFrom(folder, url, file.expectations) }
      : { address: target.address },
    date: new Date().toISOString().slice(0, 10),
    version: target.version,
  });
  const path = `${folder}/${file.name}.yaml`;
  const { problems } = loadTarget(text, path);
  if (problems.length > 0) throw new Error(`The target file came out wrong: ${problems[0]?.message ?? ""}`);
  await Deno.mkdir(folder, { recursive: true });
  await writeWhole(path, text);
  screen.print(`\n  ${path}\nRun the suites by it: deno task conform --target ${path}`);
}

/** The path from `folder` to the expectation file that the target file at `url` names. */
function expectationsFrom(folder: string, url: URL, named: string | undefined): string | undefined {
  return named === undefined ? undefined : relative(folder, fileURLToPath(new URL(named, url)));
}

async function reachedBroker(named: NamedTarget, signal: AbortSignal): Promise<BrokerTarget> {
  const target: Target = await reach(named.file, {
    dialect: () => {
      throw new Error("a broker has no dialect");
    },
    signal,
  });
  if (target.kind === "broker") return target;
  await target[Symbol.asyncDispose]();
  throw new TargetError(`"${named.file.name}" is a module; a probe asks a broker`);
}
