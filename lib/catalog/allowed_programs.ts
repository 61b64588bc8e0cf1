import { shellWord } from "../ground/shell_word.ts";
import type { TargetFile } from "../target/target_file.ts";
import type { Problem } from "../spec/problem.ts";

/** The programs in the shipped target files, which attest starts without permission from the user. */
const SHIPPED: Readonly<Record<string, readonly string[]>> = {
  activemq: ["java"],
  "activemq-kahadb": ["java"],
  ejabberd: ["erl"],
  rabbitmq: ["/usr/lib/rabbitmq/bin/rabbitmq-server", "epmd", "erl"],
};

/** An adapter of attest's own, which speaks to a broker of attest's alone. */
const ADAPTER = /^\{attest\}\/adapters\/[a-z][a-z0-9-]*\/adapter$/;

/**
 * Reports each program in a target file that the user has not allowed: a file may come from anywhere, and a
 * program can do anything. `shipped` is the name of a shipped target; `allowed` are the programs that the
 * user allows, written as in the file.
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
      ? "write mosquitto: instead of process:, or give --allow-start mosquitto if you trust this file"
      : `give --allow-start ${shellWord(program)} if you trust this file with everything that this ` +
        "program can do",
  }));
}
