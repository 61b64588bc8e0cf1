import type { Draft, PacketType, ProtocolVersion } from "../../mqtt/packet.ts";
import type { BrokerBehaviour } from "../behaviour.ts";
import type { Message } from "../message.ts";
import type { Session } from "../session.ts";

/** A fault that the broker can be told to have, to prove that a suite would notice it. */
export interface Defect {
  /** Stable; what `--defect` takes. */
  readonly id: string;
  /** What the broker does, in one sentence. */
  readonly description: string;
  /** The clauses of 3.1.1 that it breaks; of 5.0 where the behaviour exists only there. */
  readonly clauses?: readonly string[];
  /** The quirks beside which it shows; a broker without all of them has nothing that it could break. */
  readonly beside?: readonly string[];
  /** The decisions that replace those of `right`. State begun here belongs to one broker. */
  readonly alter: (right: BrokerBehaviour) => Partial<BrokerBehaviour>;
}

/** A defect that replaces each packet of one type that the broker sends; a change to nothing loses it. */
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

/** A defect that changes each message on its way to a session. */
export function changesMessage(change: (message: Message, session: Session) => Message): Defect["alter"] {
  return (right) => ({
    deliveries: (delivery, session) =>
      right.deliveries(delivery, session).map((one) => ({ ...one, message: change(one.message, session) })),
  });
}

/** A defect that accepts packets of one type, or of any, although they break one of some encoding rules. */
export function tolerates(rules: readonly string[], only?: PacketType): Defect["alter"] {
  return (right) => ({
    tolerates: (violation, type) =>
      (rules.includes(violation.rule) && (only === undefined || only === type)) ||
      right.tolerates(violation, type),
  });
}
