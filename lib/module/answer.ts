import type { ModuleBehaviour } from "./behaviour.ts";
import type { Console } from "./console.ts";
import type { Contexts } from "./contexts.ts";
import type { Hooks } from "./hooks.ts";
import type { Arguments, Parameter, Written } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";

/** What a command answers. */
export type Answer =
  /** `lines` come before OK; `after` begins what a URC will report, once OK is said; `delayMs` pass before OK. */
  | {
    readonly kind: "ok";
    readonly lines?: readonly string[];
    readonly after?: () => void;
    readonly delayMs?: number;
  }
  /** The parser's fault: ERROR under every error form [ECMT-AT-30]. */
  | { readonly kind: "error" }
  /** The command's own refusal: CME 3 [ECMT-AT-31]. */
  | { readonly kind: "refused" }
  /** A prompt, and what follows from the data; with a `length` they end after so many bytes, else by Ctrl-Z. */
  | { readonly kind: "data"; readonly length?: number | undefined; readonly take: (data: string) => Answer };

export const OK: Answer = { kind: "ok" };
export const REFUSED: Answer = { kind: "refused" };
export const ERROR: Answer = { kind: "error" };

/** OK with information lines. */
export function says(...lines: readonly string[]): Answer {
  return { kind: "ok", lines };
}

/** What commands work on. */
export interface Desk {
  readonly behaviour: ModuleBehaviour;
  readonly hooks: Hooks;
  readonly console: Console;
  readonly contexts: Contexts;
  readonly schedule: Schedule;
  /** Whether the network is there yet. */
  readonly registered: () => boolean;
}

/** Whether what MQTT forbids a client is refused. */
export function refusesViolations({ behaviour, hooks }: Desk): boolean {
  return behaviour.refusesMqttViolations && hooks.refusesViolations;
}

/** How a command writes. */
export interface Write {
  /** Its parameters, or none where the command reads them on its own. */
  readonly parameters: readonly Parameter[];
  readonly run: (desk: Desk, given: Arguments) => Answer;
}

/** A command by its forms; a form that is not there is refused [ECMT-AT-36]. */
export interface CommandEntry {
  readonly test?: (desk: Desk) => Answer;
  readonly read?: (desk: Desk) => Answer;
  readonly execute?: (desk: Desk) => Answer;
  readonly write?: (desk: Desk) => Write;
  /** A write whose parameters do not fit a table. */
  readonly writeFreely?: (desk: Desk, written: readonly Written[]) => Answer;
  /** A basic command, with its number where one was given. */
  readonly basic?: (desk: Desk, number: number | undefined) => Answer;
}

/** Commands by name, `+ECMTOPEN` or `E`. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;
