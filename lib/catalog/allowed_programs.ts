import { shellWord } from "../ground/shell_word.ts";
import type { TargetFile } from "../target/target_file.ts";
import type { Problem } from "../spec/problem.ts";

/** The programs that targets which ship name in their files: those that attest starts without being asked to. */
const SHIPPED: Readonly<Record<string, readonly string[]>> = {
  activemq: ["java"],
  "activemq-kahadb": ["java"],
  ejabberd: ["erl"],
  rabbitmq: ["/usr/lib/rabbitmq/bin/rabbitmq-server", "epmd"],
};

/** An adapter of attest's own, which speaks to a broker of attest's alone. */
const ADAPTER = /^\{attest\}\/adapters\/[a-z][a-z0-9-]*\/adapter$/;

/**
 * The programs that a target file names and that nobody has allowed, each as a mistake at its place: a file may come from
 * anywhere, and a program can do whatever its command line makes it do. `shipped` is the name of a target that ships;
 * `allowed` are the programs that the user allows, written as in the file.
 */
export function refusedPrograms(
  { start }: TargetFile,
  { shipped, allowed }: { readonly shipped: string | undefined; readonly allowed: readonly string[] },
): readonly Problem[] {
  if (start?.kind !== "process") return [];
  const known = shipped !== undefined && Object.hasOwn(SHIPPED, shipped) ? SHIPPED[shipped] ?? [] : [];
  const may = new Set([...known, ...allowed]);
  return (start.named ?? []).filter(({ program }) => !may.has(program) && !ADAPTER.test(program)).map((
    { program, place },
  ) => ({
    message: `this file starts "${program}", which you have not allowed`,
    place,
    hint: program === "mosquitto"
      ? "write mosquitto: in the place of process:, or give --allow-start mosquitto if you trust this file"
      : `give --allow-start ${shellWord(program)} if you trust this file with all that this program can do`,
  }));
}
