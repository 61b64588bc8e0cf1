import type { Draft, PacketType, ProtocolVersion } from "../../mqtt/packet.ts";
import type { BrokerBehaviour } from "../behaviour.ts";

/** What a quirk may use in addition to the behaviour that it alters. */
export interface QuirkMeans {
  /** A seeded source of numbers in the range [0, 1). */
  readonly random: () => number;
}

/** Unusual but allowed behaviour of the broker that can be switched on, to prove that no case fails under it. */
export interface Quirk {
  /** Its stable id, for `--quirk`. */
  readonly id: string;
  /** What the broker does, in one sentence. */
  readonly about: string;
  /** Why the standard allows it, with the clause if there is one. */
  readonly lawful: string;
  /** The versions in which it has an effect and is allowed; absent for all. */
  readonly protocols?: readonly ProtocolVersion[];
  /** The versions in which a broker with it may be tested, if it also has an effect in versions that forbid it. */
  readonly lawfulIn?: readonly ProtocolVersion[] | undefined;
  /** The only transport on which it has an effect. */
  readonly over?: "ws" | undefined;
  /** The quirks that it requires: without all of them it has no effect. */
  readonly beside?: readonly string[] | undefined;
  /** Whether it is proved only on targets whose file has credentials (true) or has none (false); absent for all. */
  readonly credentials?: boolean | undefined;
  /** The features that a target with it must not claim. */
  readonly lacks?: readonly string[];
  /** The `values` of a target with it, as in a target file: small capacities and long times. */
  readonly values?: Readonly<Record<string, number | string>>;
  /** The types of the packets that it changes, if it changes only packets. */
  readonly packets?: readonly PacketType[];
  /** The decisions that replace those of `usual`. State created here belongs to one broker. */
  readonly alter: (usual: BrokerBehaviour, means: QuirkMeans) => Partial<BrokerBehaviour>;
}

/** The versions in which SUBACK has a code that refuses a filter. */
export const REFUSING: readonly ProtocolVersion[] = ["3.1.1", "5.0"];

/** The part of a quirk that changes each sent packet of these types; with `five`, only in 5.0. */
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
