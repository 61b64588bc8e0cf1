import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { FORMAT_NAMES } from "../../../reports/format_name.ts";
import { DEFECTS as BROKER_DEFECTS } from "../../broker/defects.ts";
import { QUIRKS as BROKER_QUIRKS } from "../../broker/quirks.ts";
import { profileNames } from "../../catalog/profiles.ts";
import { shippedSuiteFiles } from "../../catalog/suite_files.ts";
import { targetNames } from "../../catalog/targets.ts";
import { LEVELS } from "../../ground/level.ts";
import { CLIENT_DEFECTS } from "../../client/virtual/defects.ts";
import { CLIENT_QUIRKS } from "../../client/virtual/quirks.ts";
import { DEFECTS as MODULE_DEFECTS } from "../../module/defects.ts";
import { QUIRKS as MODULE_QUIRKS } from "../../module/quirks.ts";
import { VARIANTS } from "../../module/variants.ts";
import { PROTOCOL_VERSIONS } from "../../mqtt/packet.ts";
import { COMMANDS } from "../command_table.ts";
import type { Screen } from "../terminal/screen.ts";

/** The shells with completions. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** The possible words at one place of a command line. */
export interface Choices {
  readonly words: readonly string[];
  /** Also paths of files and folders. */
  readonly files: boolean;
  /** Several of the words, separated by commas. */
  readonly listed?: true | undefined;
}

/** An option of a command. */
export interface CompletedOption {
  /** With its dashes: `--target`. */
  readonly flag: string;
  readonly about: string;
  /** The possible values; absent for an option without a value. */
  readonly value?: Choices | undefined;
}

/** A command with its options and arguments. */
export interface CompletedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletedOption[];
  readonly argument: Choices;
}

const NOTHING: Choices = { words: [], files: false };
const FILES: Choices = { words: [], files: true };

/** All commands with their options, from the commands themselves, and the names that ship. */
export async function completedCommands(screen: Screen): Promise<readonly CompletedCommand[]> {
  const names = {
    suites: (await shippedSuiteFiles()).map(({ name }) => name),
    targets: await targetNames(),
    profiles: await profileNames(),
  };
  return await Promise.all(COMMANDS.map(async ({ name, description, load }): Promise<CompletedCommand> => {
    const command = await load(screen, () => {});
    return {
      name,
      about: description,
      options: optionsOf(command, name, names.targets),
      argument: argumentOf(name, names),
    };
  }));
}

function optionsOf(
  command: CommandUnknownOpts,
  name: string,
  targets: readonly string[],
): readonly CompletedOption[] {
  const options = command.options.map(({ long, flags, description, required, optional }): CompletedOption => {
    const flag = long ?? flags;
    const value = required || optional ? valueOf(name, flag, targets) : undefined;
    return { flag, about: description, value };
  });
  return [...options, { flag: "--help", about: "show examples and options" }];
}

function valueOf(command: string, flag: string, targets: readonly string[]): Choices {
  const words = (list: readonly string[]): Choices => ({ words: list, files: false });
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
  switch (flag) {
    case "--target":
      return { words: targets, files: true };
    case "--protocol":
      return words([...PROTOCOL_VERSIONS, "3", "4", "5"]);
    case "--format":
      return { words: FORMAT_NAMES, files: false, listed: true };
    case "--level":
      return words(LEVELS);
    case "--variant":
      return words(Object.keys(VARIANTS));
    case "--defect":
      return words([
        ...command === "module" ? [] : ids(BROKER_DEFECTS),
        ...command === "broker" ? [] : ids(MODULE_DEFECTS),
        ...command === "prove" ? ids(CLIENT_DEFECTS) : [],
      ]);
    case "--quirk":
      return words([
        ...command === "module" ? [] : ids(BROKER_QUIRKS),
        ...command === "broker" ? [] : ids(MODULE_QUIRKS),
        ...command === "prove" ? ids(CLIENT_QUIRKS) : [],
      ]);
    case "--out":
    case "--proofs":
    case "--certificates":
    case "--password-file":
    case "--ca":
    case "--expect":
    case "--rerun-failed":
    case "--unix":
      return FILES;
    default:
      return NOTHING;
  }
}

function argumentOf(
  command: string,
  { suites, profiles }: { readonly suites: readonly string[]; readonly profiles: readonly string[] },
): Choices {
  switch (command) {
    case "conform":
    case "list":
    case "prove":
      return { words: suites, files: true };
    case "load":
      return { words: profiles, files: true };
    case "lint":
    case "report":
      return FILES;
    case "completions":
      return { words: SHELLS, files: false };
    default:
      return NOTHING;
  }
}
