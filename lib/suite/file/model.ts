/**
 * A suite file as data, after it was read and found right. Names of lanes, packets and fields are checked; variables
 * are known to exist but get their values only when a case runs.
 */
import type { PacketType } from "../../mqtt/packet.ts";
import type { Level } from "../../ground/level.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import type { Generate } from "../step/generate_step.ts";

export type { Value };

/** The fields of a packet by the names of `lib/mqtt/packet.ts`; the short forms of a file are written out here. */
export type Fields = readonly (readonly [name: string, value: Value])[];

/** What a lane sends. */
export type Send =
  /** An MQTT packet; `wire` holds the overrides, `pieces`/`bytewise` how it is cut. */
  | { readonly kind: "packet"; readonly type: PacketType; readonly fields: Fields; readonly wire: Fields }
  /** Several packets in one segment, or cut as `wire` says. */
  | {
    readonly kind: "packets";
    readonly packets: readonly Extract<Send, { kind: "packet" }>[];
    readonly wire: Fields;
  }
  /** A WebSocket frame as it is. */
  | { readonly kind: "frame"; readonly fields: Fields }
  /** Bytes as they are, on any lane. */
  | { readonly kind: "raw"; readonly bytes: Value }
  /** An AT command: `name` is `+ECMTPUB`; a basic command such as `ATE0` is `{ name: "E0", form: "basic" }`. */
  | {
    readonly kind: "command";
    readonly name: string;
    readonly form: "write" | "read" | "test" | "execute" | "basic";
    readonly args: readonly Value[];
  }
  /** What a module is asked for in the words of no dialect; with `attempt` a refusal will do too. */
  | { readonly kind: "operation"; readonly name: string; readonly fields: Fields; readonly attempt?: true }
  /** Bytes for a prompt. */
  | { readonly kind: "data"; readonly bytes: Value; readonly end: "ctrl-z" | "esc" | "none" };

/** One thing that may come. */
export type Outcome =
  | { readonly kind: "packet"; readonly type: PacketType; readonly fields: Fields; readonly place: Place }
  /** The connection ends, by FIN or RST. */
  | { readonly kind: "closed"; readonly place: Place }
  /** The answer to a client that asked for a WebSocket. */
  | { readonly kind: "upgraded"; readonly fields: Fields; readonly place: Place }
  /** A connection is accepted (scripted broker). */
  | { readonly kind: "opened"; readonly place: Place }
  /** A final result: `OK`, `ERROR`, `+CME ERROR` with its code or text. */
  | {
    readonly kind: "final";
    readonly text: "OK" | "ERROR" | "+CME ERROR";
    readonly args: readonly Value[];
    readonly place: Place;
  }
  /** An information line or URC with its prefix (`+ECMTPUB`) and parameters; no `args` means that any will do. */
  | {
    readonly kind: "result";
    readonly prefix: string;
    readonly args?: readonly Value[];
    readonly place: Place;
  }
  /** An information line of another form, compared as text: an identity, for one. */
  | { readonly kind: "line"; readonly text: Value; readonly place: Place }
  /** What a module tells, in the words of no dialect. */
  | { readonly kind: "operation"; readonly name: string; readonly fields: Fields; readonly place: Place }
  | { readonly kind: "prompt"; readonly place: Place }
  /** Whether what was last typed has come back by now; stands behind the final result. */
  | { readonly kind: "echo"; readonly on: boolean; readonly place: Place };

/** What every step knows of itself. */
export interface StepBase {
  readonly place: Place;
  /** The step as one line of source, for reports. */
  readonly source: string;
  /** The opening it came from. */
  readonly opening?: string;
}

/** One line of a conversation. `within` is in milliseconds. */
export type Step =
  & StepBase
  & (
    | { readonly kind: "send"; readonly lane: string; readonly send: Send }
    /** Any one of `outcomes`. `as` names what came for later steps. */
    | {
      readonly kind: "expect";
      readonly lane: string;
      readonly outcomes: readonly Outcome[];
      readonly within?: Value;
      readonly as?: string;
    }
    /** Nothing more: by a fence, or where there is none for the time `within`. */
    | { readonly kind: "nothing"; readonly lane: string; readonly within?: Value }
    | { readonly kind: "wait"; readonly duration: Value }
    /** Cut the lane's connection with no DISCONNECT. `how` is `fin`, which is the default, or `rst`. */
    | { readonly kind: "drop"; readonly lane: string; readonly how?: Value }
    /** From here on nothing that comes on the lane is unexpected. */
    | { readonly kind: "ignore"; readonly lane: string }
    /** Steps on the serial side that end early, and well, when a command is refused. */
    | { readonly kind: "attempt"; readonly steps: readonly Step[] }
    /** Steps on the serial side, over and over until all of them are met: for what a module takes time to get to. */
    | {
      readonly kind: "poll";
      readonly within: Value;
      readonly every?: Value;
      readonly steps: readonly Step[];
    }
    /** Open the lane's network connection and send nothing; with `subprotocols` a WebSocket that offers them. */
    | { readonly kind: "open"; readonly lane: string; readonly subprotocols?: readonly Value[] }
    /** End the target and start it again. */
    | { readonly kind: "restart" }
    /** The expectations of `steps`, in any order, on any lanes. */
    | { readonly kind: "all"; readonly steps: readonly Step[] }
    /** Within `all`: expectations of one lane that are met in this order. */
    | { readonly kind: "sequence"; readonly steps: readonly Step[] }
    /** Random topic filters and topic names from the seed, each delivery held against the standard's rule. */
    | { readonly kind: "generate"; readonly generate: Generate }
    | {
      readonly kind: "repeat";
      readonly times: Value;
      readonly as?: string;
      readonly steps: readonly Step[];
    }
  );

/** A feature that a target must claim, or must not. */
export interface Requirement {
  readonly feature: string;
  /** The target must not claim it (`"!x"`). */
  readonly not?: true;
  readonly place: Place;
}

/** One class of one parameter of a command, such as the value above the highest of a port. */
export interface Tried {
  /** `ECMTOPEN`, or with an option `ECMTCFG keepalive`. */
  readonly command: string;
  readonly parameter: string;
  /** `above`, `one-longer`, … */
  readonly class: string;
}

/** A class that a command set's grammar has; `uncovered` says why no case tries it. */
export interface LimitCell extends Tried {
  readonly uncovered?: string;
}

/** One case, before or after its rows are expanded. */
export interface Case {
  /** `suite/case`, with `[row]` behind it once expanded. */
  readonly id: string;
  readonly suite: string;
  readonly name: string;
  readonly purpose: string;
  readonly level: Level;
  /** The levels that differ in some protocols; see {@link levelIn}. */
  readonly levels: Readonly<Record<string, Level>>;
  readonly tags: readonly string[];
  /** Protocol (`3.1.1`, `ECMT`, …) to clauses; its keys are the protocols that the case runs in. */
  readonly covers: Readonly<Record<string, readonly string[]>>;
  readonly protocols: readonly string[];
  readonly requires: readonly Requirement[];
  /** Runs alone on its target. */
  readonly exclusive: boolean;
  /** The hard limit for the whole case in ms, where it differs from the default. */
  readonly limit?: number;
  /** Why no defect can break this case, where that is so. */
  readonly unprovable?: string;
  /** Of a boundary case: what it tries. */
  readonly tried?: Tried;
  /** Variables of a row, and what the suite's `values:` declares with its defaults. */
  readonly variables: readonly (readonly [name: string, value: Value])[];
  readonly values: readonly (readonly [name: string, fallback: Value])[];
  /** The openings' steps first. */
  readonly steps: readonly Step[];
  /** Lanes in the order of their first use. */
  readonly lanes: readonly string[];
  readonly place: Place;
}

/** How strongly a case binds in a protocol. */
export function levelIn(one: Pick<Case, "level" | "levels">, protocol: string): Level {
  return one.levels[protocol] ?? one.level;
}

/** A whole suite file, its cases expanded. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** `broker` when its lanes are MQTT clients, `module` when they are `dte` and `broker`. */
  readonly tests: "broker" | "module";
  readonly file: string;
  readonly cases: readonly Case[];
  /** Of a suite that follows from a grammar: all that it could try. */
  readonly limits?: readonly LimitCell[];
}
