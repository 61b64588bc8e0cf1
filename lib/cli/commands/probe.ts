import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { probeTarget } from "../../target/ask.ts";
import { findingText } from "../../target/probe/finding.ts";
import type { Probed } from "../../target/probe/probe.ts";
import { targetText } from "../../target/probe/target_text.ts";
import { loadTarget } from "../../target/target_file.ts";
import { reach } from "../../target/reach.ts";
import { type BrokerTarget, type Target, TargetError } from "../../target/target.ts";
import { TransportError } from "../../transport/error.ts";
import { ACCESS, type AccessOptions, accessWords, userName, withAccess } from "../access_options.ts";
import { PROBE_EXIT_HELP } from "../exit_help.ts";
import { Command } from "./command.ts";
import { Interrupt } from "../interrupt.ts";
import { collect, duration, wholeNumber } from "../options.ts";
import { writeWhole } from "../../catalog/whole_file.ts";
import { ALLOW_START, runFolder } from "./run_parts.ts";
import { readText } from "../../catalog/text_file.ts";
import { findTarget, type NamedTarget } from "../../catalog/targets.ts";
import type { Screen } from "../terminal/screen.ts";
import { visible } from "../../ground/text.ts";
import { makeResultsFolder } from "../record/results_folder.ts";
import { UsageError } from "../../catalog/usage_error.ts";

/** The default size of the largest packet to try, which the suites need. */
const LARGEST = 2_100_000;
/** The other questions take at most 10 s meanwhile, so the answer arrives in that time. */
const WATCH_MS = 8_000;

/** Makes the command `probe`, which passes its exit status to `exit`. */
export function probeCommand(screen: Screen, exit: (status: number) => void) {
  return new Command("probe")
    .requiredOption(
      "--target <target>",
      "the broker: an address (mqtt://host:port), a name in suites/targets, or a target file",
    )
    .option(...ACCESS.user, userName)
    .option(...ACCESS.passwordFile)
    .option(...ACCESS.ca)
    .option(...ACCESS.insecure)
    .option("--allow-start <program>", ALLOW_START, collect)
    .option("--out <folder>", "folder for the target file; default results/<time>-probe")
    .option(
      "--largest <bytes>",
      "the largest packet to try, 100 to 268435000",
      wholeNumber(100, 268_435_000),
      LARGEST,
    )
    .option(
      "--watch <duration>",
      "how long to wait for the broker to close a silent connection (5s, 2m)",
      duration,
      WATCH_MS,
    )
    .addHelpText("after", PROBE_EXIT_HELP)
    .action(async (options) => {
      const [named] = withAccess([await findTarget(options.target, options.allowStart)], options);
      if (!named) return;
      if (named.file.tests !== "broker") {
        throw new UsageError(
          `"${named.file.name}" is a module; probe needs a broker, such as --target mqtt://host:port`,
        );
      }
      using interrupt = new Interrupt();
      try {
        await using target = await reachedBroker(named, interrupt.signal);
        await writeTarget(screen, named, target, options, interrupt.signal);
        exit(0);
      } catch (error) {
        if (interrupt.signal.aborted) return exit(130);
        if (!(error instanceof TargetError) && !(error instanceof TransportError)) throw error;
        screen.complain(`error: ${visible(error.message)}`);
        exit(3);
      }
    });
}

interface ProbeCommandOptions extends AccessOptions {
  readonly out?: string;
  readonly largest: number;
  readonly watch: number;
}

async function writeTarget(
  screen: Screen,
  { file, url }: NamedTarget,
  target: BrokerTarget,
  options: ProbeCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  screen.print(`Probing ${file.name} at ${target.address}${target.version ? ` (${target.version})` : ""}`);
  const probed = await probeTarget(target, { largest: options.largest, watchMs: options.watch, signal });
  printProbed(screen, probed);
  const folder = options.out ?? runFolder("probe");
  const text = targetText(probed, {
    name: file.name,
    of: url
      ? { file: await readText(url), expectations: expectationsFrom(folder, url, file.expectations) }
      : { address: target.address },
    date: new Date().toISOString().slice(0, 10),
    version: target.version ?? probed.version,
    remarks: probed.remarks,
  });
  const path = `${folder}/${file.name}.yaml`;
  const { problems } = loadTarget(text, path);
  if (problems.length > 0) {
    throw new Error(`The written target file has mistakes: ${problems[0]?.message ?? ""}`);
  }
  await makeResultsFolder(folder);
  await writeWhole(path, text);
  screen.print(
    `\n  ${path}\nRun the suites with it: deno task conform --target ${path}${accessWords(options)}`,
  );
}

/** Prints the findings, and how attest found them. */
function printProbed(
  screen: Screen,
  { versions, protocols, version, remarks, tookMs, wholeMs }: Probed,
): void {
  for (const { version, connack, how } of versions) {
    screen.print(`  MQTT ${version} is ${connack ? "" : "not "}spoken: ${how}`);
  }
  if (version !== undefined) screen.print(`  the broker reports itself as ${visible(version)}`);
  for (const { protocol, findings } of protocols) {
    screen.print(`In ${protocol}`);
    for (const finding of findings) screen.print(visible(findingText(finding)));
  }
  for (const { about, found } of remarks) screen.print(visible(`  ${about} ${found}`));
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  screen.print(`Probed in ${seconds(wholeMs)}; the questions took ${seconds(tookMs)}`);
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
  throw new TargetError(
    `"${named.file.name}" is a module; probe needs a broker, such as --target mqtt://host:port`,
  );
}
