import { CommanderError } from "@commander-js/extra-typings";
import { Command } from "./commands/command.ts";
import { conformCommand } from "./commands/conform.ts";
import { lintCommand } from "./commands/lint.ts";
import { listCommand } from "./commands/list.ts";
import { probeCommand } from "./commands/probe.ts";
import { loadCommand } from "./commands/load.ts";
import { proveCommand } from "./commands/prove.ts";
import { reportCommand } from "./commands/report.ts";
import { schemaCommand } from "./commands/schema.ts";
import { brokerCommand, moduleCommand, portsCommand } from "./commands/serve.ts";
import type { Screen } from "./terminal/screen.ts";
import { UsageError } from "../catalog/usage_error.ts";
import { VERSION } from "../catalog/version.ts";

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
