import type { SourceKind } from "../lib/run/event.ts";
import type { CaseResult, RunResult } from "../lib/run/result.ts";
import { shellWord } from "../lib/ground/shell_word.ts";
import { nameOfAddress } from "../lib/ground/address_name.ts";

/** Options of a run that change how its cases end, and that take a value. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  "--set",
  "--user",
  "--password-file",
  "--ca",
  "--broker-at",
  "--allow-start",
  "--expect",
]);
/** The same without a value. */
const ALONE: ReadonlySet<string> = new Set(["--insecure", "--announce", "--no-expect"]);

/**
 * The shell command that runs a case again: on the target as the run named it, from the suite's file if it is not a shipped one,
 * and with the options that change how the case ends. Values that the record masks are asterisks.
 */
export function conformCommand(one: CaseResult, result: RunResult): string {
  const words = [
    "deno",
    "task",
    "conform",
    ...suiteWords(one, result),
    "--target",
    targetWord(one.target, result),
  ];
  if (/^\d/.test(one.protocol)) words.push("--protocol", one.protocol);
  words.push("--seed", String(result.seed), ...keptOptions(result.command));
  return words.map(shellWord).join(" ");
}

/** The case's id, or the file of its suite and a filter. */
function suiteWords(one: CaseResult, result: RunResult): readonly string[] {
  const files = filesOf(result, "suite");
  const last = one.suite.replace(/^.*\//, "");
  const file = files.find((each) => each.endsWith(`suites/${one.suite}.yaml`)) ??
    files.find((each) => nameOf(each) === last) ?? files.find((each) => each === one.failure?.file);
  if (file === undefined || file.endsWith(`suites/${one.suite}.yaml`)) return [one.id];
  return [file, "--filter", one.id];
}

/** The name of a shipped target, the path of a file, or the address of a target without a file. */
function targetWord(name: string, result: RunResult): string {
  const files = filesOf(result, "target");
  if (files.some((file) => file.endsWith(`suites/targets/${name}.yaml`))) return name;
  // A target's name need not be that of its file, which is certain where there is one of each.
  const only = result.targets.length === 1 ? files[0] : undefined;
  const file = files.find((each) => nameOf(each) === name) ?? only;
  if (file !== undefined) return file.includes("/") ? file : `./${file}`;
  const address = result.targets.find((target) => target.name === name)?.address ?? "";
  // The record may add the default port to the address that the name comes from.
  return /^[a-z-]+:/.test(address) && nameOfAddress(address).startsWith(name) ? address : name;
}

function keptOptions(command: readonly string[]): readonly string[] {
  return command.flatMap((word, at) => {
    const [option = ""] = word.split("=", 1);
    if (ALONE.has(word)) return [word];
    if (!WITH_VALUE.has(option)) return [];
    return option === word ? [word, command[at + 1] ?? ""] : [word];
  });
}

function filesOf(result: RunResult, kind: SourceKind): readonly string[] {
  return result.sources.filter(({ what }) => what === kind).map(({ file }) => file);
}

/** `office` of `examples/own-suite/office.yaml`. */
function nameOf(file: string): string {
  return file.replace(/^.*\/|\.ya?ml$/g, "");
}
