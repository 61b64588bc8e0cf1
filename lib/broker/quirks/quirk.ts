import type { Draft, PacketType, ProtocolVersion } from "../../mqtt/packet.ts";
import type { BrokerBehaviour } from "../behaviour.ts";

/** What a quirk may use beside the behaviour that it alters. */
export interface QuirkMeans {
  /** A seeded source of numbers from 0 to below 1. */
  readonly random: () => number;
}

/** A lawful peculiarity that the broker can be told to have, to prove that no case accuses it. */
export interface Quirk {
  /** Stable; what `--quirk` takes. */
  readonly id: string;
  /** What the broker does, in one sentence. */
  readonly about: string;
  /** Why the standard allows it, with the clause where there is one. */
  readonly lawful: string;
  /** The versions that it shows in and whose documents allow it; absent for all. */
  readonly protocols?: readonly ProtocolVersion[];
  /** The versions that a broker with it may be asked in, where it shows in others, too, whose documents forbid it. */
  readonly lawfulIn?: readonly ProtocolVersion[] | undefined;
  /** The transport that it shows on alone. */
  readonly over?: "ws" | undefined;
  /** The quirks beside which it shows; a broker without all of them does not change by it. */
  readonly beside?: readonly string[] | undefined;
  /** The features that a target with it must not claim. */
  readonly lacks?: readonly string[];
  /** Values of a target with it, as a target file names them: capacities that are small, and times that are long. */
  readonly values?: Readonly<Record<string, number | string>>;
  /** The types of the packets that it changes, where it changes packets only. */
  readonly packets?: readonly PacketType[];
  /** The decisions that replace those of `usual`. State begun here belongs to one broker. */
  readonly alter: (usual: BrokerBehaviour, means: QuirkMeans) => Partial<BrokerBehaviour>;
}

/** The versions whose SUBACK has a code by which a filter is refused. */
export const REFUSING: readonly ProtocolVersion[] = ["3.1.1", "5.0"];

/** The part of a quirk that changes each packet of some types that the broker sends, in 5.0 only with `five`. */
export function changing<T extends PacketType>(
  packets: readonly T[],
  change: (packet: Extract<Draft, { readonly type: T }>) => Draft,
): Pick<Quirk, "packets" | "alter"> {
  const isOne = (packet: Draft): packet is Extract<Draft, { readonly type: T }> =>
    packets.some((type) => type === packet.type);
  return {
    packets,
    alter: (usual) => ({
      outgoing: (packet, version) =>
        usual.outgoing(packet, version).map((draft) => isOne(draft) ? change(draft) : draft),
    }),
  };
}
