import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Screen } from "./terminal/screen.ts";

/** A command as the help lists it. Its module is loaded only when you call the command. */
export interface CommandEntry {
  readonly name: string;
  /** Options and arguments as the help shows them; the module declares the same ones. */
  readonly takes: string;
  readonly description: string;
  /** Loads the module and makes the command. It passes its exit status to `exit`, unless that is always 0. */
  readonly load: (screen: Screen, exit: (status: number) => void) => Promise<CommandUnknownOpts>;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "conform",
    takes: "[options] [suites...]",
    description: "Run suites on targets and judge each case: pass, fail, inconclusive, skip or error.",
    load: async (screen, exit) => (await import("./commands/conform.ts")).conformCommand(screen, exit),
  },
  {
    name: "load",
    takes: "[options] <profile>",
    description:
      "Run a load profile against a broker: measure, count, and judge its thresholds and promises.",
    load: async (screen, exit) => (await import("./commands/load.ts")).loadCommand(screen, exit),
  },
  {
    name: "prove",
    takes: "[options] [suites...]",
    description:
      "Run each case against the defects of the embedded implementations: which defects are noticed, and by which case.",
    load: async (screen, exit) => (await import("./commands/prove.ts")).proveCommand(screen, exit),
  },
  {
    name: "probe",
    takes: "[options]",
    description: "Ask a broker what it supports and how much it accepts, and write its target file.",
    load: async (screen, exit) => (await import("./commands/probe.ts")).probeCommand(screen, exit),
  },
  {
    name: "list",
    takes: "[options] [suites...]",
    description: "Show cases with their id, level, protocols and clauses.",
    load: async (screen) => (await import("./commands/list.ts")).listCommand(screen),
  },
  {
    name: "lint",
    takes: "[files...]",
    description:
      "Check YAML files of every kind, and that each clause has a case or a reason; run nothing. All mistakes are reported at once.",
    load: async (screen) => (await import("./commands/lint.ts")).lintCommand(screen),
  },
  {
    name: "report",
    takes: "[options] <runs...>",
    description:
      "Render a run again from its journal, even a truncated one; for several runs, show the differences.",
    load: async (screen, exit) => (await import("./commands/report.ts")).reportCommand(screen, exit),
  },
  {
    name: "broker",
    takes: "[options]",
    description: "Serve the reference broker until Ctrl-C.",
    load: async (screen) => (await import("./commands/broker.ts")).brokerCommand(screen),
  },
  {
    name: "module",
    takes: "[options]",
    description: "Serve the virtual ECMT module on a pty, or on a TCP port, until Ctrl-C.",
    load: async (screen) => (await import("./commands/module.ts")).moduleCommand(screen),
  },
  {
    name: "ports",
    takes: "",
    description: "List the serial ports of this machine.",
    load: async (screen) => (await import("./commands/ports.ts")).portsCommand(screen),
  },
  {
    name: "schema",
    takes: "",
    description:
      "Write the JSON Schemas of suite, profile, target and expectation files to docs/schema, for completion in an editor.",
    load: async (screen) => (await import("./commands/schema.ts")).schemaCommand(screen),
  },
  {
    name: "completions",
    takes: "<shell>",
    description: "Print a script that completes commands, options and names in bash, zsh or fish.",
    load: async (screen) => (await import("./commands/completions.ts")).completionsCommand(screen),
  },
];
