import type { Draft } from "../../mqtt/packet.ts";
import type { ClientEvent } from "../protocol.ts";
import type { Hooks } from "./hooks.ts";

/** Returns the hooks that a defect or a quirk changes, from those before it. */
export type Change = (hooks: Hooks) => Partial<Hooks>;

/** A fault that the virtual client can be configured with, to prove that a suite notices it. */
export interface ClientDefect {
  /** The id: words for what is wrong, with hyphens. */
  readonly id: string;
  /** What is wrong, as one sentence without a full stop. */
  readonly description: string;
  /** The clauses that it breaks. */
  readonly clauses: readonly string[];
  readonly change: Change;
}

/** What becomes of packets, by their type. */
type PacketChange = { [K in Draft["type"]]?: (draft: Extract<Draft, { type: K }>) => readonly Draft[] };

/** Changes packets of some types on their way out. */
export function sends(changes: PacketChange): Change {
  return ({ sent }) => ({
    sent: (draft) => {
      // The table gives each type the change for its own drafts.
      const change = changes[draft.type] as ((draft: Draft) => readonly Draft[]) | undefined;
      return (change ? change(draft) : [draft]).flatMap(sent);
    },
  });
}

/** Changes events of one name. */
export function tells(
  on: string,
  change: (event: ClientEvent) => readonly ClientEvent[],
): Change {
  return ({ told }) => ({ told: (event) => (event.on === on ? change(event) : [event]).flatMap(told) });
}

/** Takes texts that are refused otherwise. */
export function takesText(taken: (text: string) => boolean): Change {
  return ({ refusesText }) => ({
    refusesText: (what, text) => taken(text) ? undefined : refusesText(what, text),
  });
}

/** Counts a message as delivered at another packet. */
export function delivers(qos: number, at: "sent" | "PUBACK" | "PUBREC"): Change {
  return ({ deliveredAt }) => ({ deliveredAt: (asked) => asked === qos ? at : deliveredAt(asked) });
}

/** A defect as a row of a table: its id, what is wrong, the clauses, and the hooks that it changes. */
export type Row = readonly [
  id: string,
  description: string,
  clauses: readonly string[],
  change: Change,
];

/** The bytes of a payload of a draft. */
export function bytes(payload: string | Uint8Array | undefined): Uint8Array {
  return typeof payload === "string" ? new TextEncoder().encode(payload) : payload ?? new Uint8Array();
}
