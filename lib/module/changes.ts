/** Changes to the packets and results of a module, for defects and quirks. */
import type { Draft, Packet, PacketType } from "../mqtt/packet.ts";
import type { Hooks, Urc } from "./hooks.ts";

type DraftNamed<T extends PacketType> = Extract<Draft, { readonly type: T }>;
type PacketNamed<T extends PacketType> = Extract<Packet, { readonly type: T }>;

/** Replaces each sent packet of one type with zero or more packets. */
export function sent<T extends PacketType>(
  type: T,
  change: (packet: DraftNamed<T>) => readonly Draft[],
): (hooks: Hooks) => Partial<Hooks> {
  const is = (packet: Draft): packet is DraftNamed<T> => packet.type === type;
  return (hooks) => ({
    send: (packet) => hooks.send(packet).flatMap((draft) => is(draft) ? change(draft) : [draft]),
  });
}

/** Changes received packets of one type. */
export function received<T extends PacketType>(
  type: T,
  change: (packet: PacketNamed<T>) => Packet,
): (hooks: Hooks) => Partial<Hooks> {
  const is = (packet: Packet): packet is PacketNamed<T> => packet.type === type;
  return (hooks) => ({
    receive: (packet) => {
      const given = hooks.receive(packet);
      return is(given) ? change(given) : given;
    },
  });
}

type Fields = Urc["fields"];

/** Replaces the fields of one result with those of zero or more results. */
export function result(
  name: string,
  change: (fields: Fields) => readonly Fields[],
): (hooks: Hooks) => Partial<Hooks> {
  return (hooks) => ({
    urc: (urc) =>
      hooks.urc(urc).flatMap((said) =>
        said.name === name ? change(said.fields).map((fields) => ({ name, fields })) : [said]
      ),
  });
}

/** Changes one field of one result. */
export function field(
  name: string,
  index: number,
  change: (value: number | string) => number | string,
): (hooks: Hooks) => Partial<Hooks> {
  return result(name, (fields) => [fields.map((value, at) => at === index ? change(value) : value)]);
}
