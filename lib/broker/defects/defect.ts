import type { Draft, PacketType, ProtocolVersion } from "../../mqtt/packet.ts";
import type { BrokerBehaviour } from "../behaviour.ts";
import type { Message } from "../message.ts";
import type { Session } from "../session.ts";

/** A fault of the broker that can be switched on, to prove that a suite notices it. */
export interface Defect {
  /** Its stable id, for `--defect`. */
  readonly id: string;
  /** What the broker does, in one sentence. */
  readonly description: string;
  /** The clauses of 3.1.1 that it breaks, or of 5.0 if the behaviour exists only there. */
  readonly clauses?: readonly string[];
  /** The quirks that it requires: without all of them it has no effect. */
  readonly beside?: readonly string[];
  /** The decisions that replace those of `right`. State created here belongs to one broker. */
  readonly alter: (right: BrokerBehaviour) => Partial<BrokerBehaviour>;
}

/** A defect that replaces each sent packet of one type; an empty list drops the packet. */
export function sends<T extends PacketType>(
  type: T,
  change: (packet: Extract<Draft, { readonly type: T }>, version: ProtocolVersion) => readonly Draft[],
): Defect["alter"] {
  const isOfType = (packet: Draft): packet is Extract<Draft, { readonly type: T }> => packet.type === type;
  return (right) => ({
    outgoing: (packet, version) =>
      right.outgoing(packet, version).flatMap((draft) => isOfType(draft) ? change(draft, version) : [draft]),
  });
}

/** A defect that changes each message before its delivery to a session. */
export function changesMessage(change: (message: Message, session: Session) => Message): Defect["alter"] {
  return (right) => ({
    deliveries: (delivery, session) =>
      right.deliveries(delivery, session).map((one) => ({ ...one, message: change(one.message, session) })),
  });
}

/** A defect that accepts packets of one type, or of any type, although they break one of these encoding rules. */
export function tolerates(rules: readonly string[], only?: PacketType): Defect["alter"] {
  return (right) => ({
    tolerates: (violation, type) =>
      (rules.includes(violation.rule) && (only === undefined || only === type)) ||
      right.tolerates(violation, type),
  });
}
