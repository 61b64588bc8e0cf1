import { CommanderError } from "@commander-js/extra-typings";
import { Command } from "./command.ts";
import { conformCommand } from "./conform_command.ts";
import { lintCommand } from "./lint_command.ts";
import { listCommand } from "./list_command.ts";
import { probeCommand } from "./probe_command.ts";
import { loadCommand } from "./load_command.ts";
import { proveCommand } from "./prove_command.ts";
import { reportCommand } from "./report_command.ts";
import { schemaCommand } from "./schema_command.ts";
import { brokerCommand, moduleCommand, portsCommand } from "./serve_commands.ts";
import type { Screen } from "./terminal/screen.ts";
import { UsageError } from "./usage_error.ts";
import { VERSION } from "./version.ts";

/** The command line of attest: runs what `args` ask for and gives the exit status. */
export async function main(args: readonly string[], screen: Screen): Promise<number> {
  let status = 0;
  const output = {
    writeOut: (text: string) => screen.print(text.trimEnd()),
    writeErr: (text: string) => screen.complain(text.trimEnd()),
  };
  const commands = [
    conformCommand(screen, (code) => status = code),
    loadCommand(screen, (code) => status = code),
    proveCommand(screen, (code) => status = code),
    probeCommand(screen, (code) => status = code),
    listCommand(screen),
    lintCommand(screen),
    reportCommand(screen, (code) => status = code),
    brokerCommand(screen),
    moduleCommand(screen),
    portsCommand(screen),
    schemaCommand(screen),
  ];
  const program = new Command("attest")
    .description("Conformance and load tests for both ends of MQTT.")
    .version(VERSION)
    .configureOutput(output);
  for (const command of commands) program.addCommand(command.configureOutput(output));
  try {
    await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      screen.complain(error.message);
      return 2;
    }
    screen.complain(sentence(error));
    return 3;
  }
}

/** What the harness failed by, without a stack unless it is asked for. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `attest failed: ${String(error)}`;
  if (error instanceof Deno.errors.NotCapable) return `attest is not granted what it needs: ${error.message}`;
  return `attest failed: ${error.message}\n${error.stack ?? ""}`;
}
