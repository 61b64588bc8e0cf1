import type { PacketType } from "../../mqtt/packet.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import type { Fields } from "../field/kind.ts";
import { mapFields } from "./sent.ts";

/** One possible outcome of an expectation. */
export type Outcome =
  | { readonly kind: "packet"; readonly type: PacketType; readonly fields: Fields; readonly place: Place }
  /** The connection closes, by FIN or RST. */
  | { readonly kind: "closed"; readonly place: Place }
  /** The response to a client that requested a WebSocket. */
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
  /**
   * An information line or URC with its prefix (`+ECMTPUB`) and parameters; without `args` any parameters
   * match.
   */
  | {
    readonly kind: "result";
    readonly prefix: string;
    readonly args?: readonly Value[] | undefined;
    readonly place: Place;
  }
  /** An information line in another form, such as an identity, compared as text. */
  | { readonly kind: "line"; readonly text: Value; readonly place: Place }
  /** An event that a module reports, independent of the dialect. */
  | { readonly kind: "operation"; readonly name: string; readonly fields: Fields; readonly place: Place }
  | { readonly kind: "prompt"; readonly place: Place }
  /** Whether the last command was echoed; used after its final result. */
  | { readonly kind: "echo"; readonly on: boolean; readonly place: Place };

/** Replaces the values of an outcome. */
export function mapOutcome(outcome: Outcome, by: (value: Value) => Value): Outcome {
  switch (outcome.kind) {
    case "packet":
    case "operation":
    case "upgraded":
      return { ...outcome, fields: mapFields(outcome.fields, by) };
    case "final":
      return { ...outcome, args: outcome.args.map(by) };
    case "result":
      return { ...outcome, args: outcome.args?.map(by) };
    case "line":
      return { ...outcome, text: by(outcome.text) };
    case "closed":
    case "opened":
    case "prompt":
    case "echo":
      return outcome;
  }
}
