import type { ModuleBehaviour } from "./behaviour.ts";
import type { CmqttClients } from "./simcom/clients.ts";
import type { Console } from "./console.ts";
import type { Contexts } from "./contexts.ts";
import type { EspLink } from "./esp/link.ts";
import type { Hooks, Urc } from "./hooks.ts";
import type { Arguments, Parameter, Written } from "./parameters.ts";
import type { Schedule } from "./schedule.ts";

/** The answer to a command. */
export type Answer =
  /** OK, with information `lines` before it, a delay before OK, and `after` to run after OK is sent. */
  | {
    readonly kind: "ok";
    readonly lines?: readonly string[];
    readonly after?: () => void;
    readonly delayMs?: number;
  }
  /** A syntax error that the parser finds: ERROR in every error form [ECMT-AT-30]. */
  | { readonly kind: "error" }
  /** A refusal by the command itself: CME 3 [ECMT-AT-31]. */
  | { readonly kind: "refused" }
  /** A prompt, and the answer that the data leads to. Data ends after `length` bytes, or with Ctrl-Z where there is no length. */
  | {
    readonly kind: "data";
    readonly length?: number | undefined;
    readonly take: (data: string) => Answer;
    /** OK comes before the prompt, and only this result after refused data. */
    readonly okFirst?: Urc | undefined;
  }
  /** The answer that comes once the broker has answered. */
  | { readonly kind: "waiting"; readonly answer: Promise<Answer> };

export const OK: Answer = { kind: "ok" };
export const REFUSED: Answer = { kind: "refused" };
export const ERROR: Answer = { kind: "error" };

/** Returns an answer with information lines and OK. */
export function says(...lines: readonly string[]): Answer {
  return { kind: "ok", lines };
}

/** The parts of a module that commands use. */
export interface Desk {
  readonly behaviour: ModuleBehaviour;
  readonly hooks: Hooks;
  readonly console: Console;
  readonly contexts: Contexts;
  /** Of a SIMCom module: its service and clients. */
  readonly clients: CmqttClients;
  /** Of a module with ESP-AT: its link. */
  readonly esp: EspLink;
  readonly schedule: Schedule;
  /** Whether the module has registered with its network. */
  readonly registered: () => boolean;
}

/** Whether to refuse a command that would violate MQTT. */
export function refusesViolations({ behaviour, hooks }: Desk): boolean {
  return behaviour.refusesMqttViolations && hooks.refusesViolations;
}

/** The write form of a command. */
export interface Write {
  /** The parameters of the command. */
  readonly parameters: readonly Parameter[];
  readonly run: (desk: Desk, given: Arguments) => Answer;
}

/** A command by its forms; the module refuses a missing form [ECMT-AT-36]. */
export interface CommandEntry {
  readonly test?: (desk: Desk) => Answer;
  readonly read?: (desk: Desk) => Answer;
  readonly execute?: (desk: Desk) => Answer;
  readonly write?: (desk: Desk) => Write;
  /** The write form of a command whose parameters do not fit a table. */
  readonly writeFreely?: (desk: Desk, written: readonly Written[]) => Answer;
  /** The form of a basic command such as `ATE0`, with its number if there is one. */
  readonly basic?: (desk: Desk, number: number | undefined) => Answer;
}

/** Commands by name, `+ECMTOPEN` or `E`. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;
