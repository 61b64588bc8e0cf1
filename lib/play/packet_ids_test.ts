import { deepEqual, equal } from "node:assert/strict";
import { Scope } from "../spec/scope.ts";
import type { Value } from "../spec/value.ts";
import type { Outcome } from "../suite/step/outcome.ts";
import type { PacketSent } from "../suite/step/sent.ts";
import { PacketIds } from "./packet_ids.ts";

const place = { file: "", line: 1, column: 1, length: 1 };
const number = (value: number): Value => ({ kind: "literal", value, source: String(value), place });
const scope = new Scope();

function expects(type: "PUBLISH" | "SUBSCRIBE" | "PUBREL", id: number): Outcome {
  return { kind: "packet", type, fields: [["packetId", number(id)]], place };
}

function sends(type: "PUBACK" | "PUBLISH" | "SUBACK", id: Value): PacketSent {
  return { kind: "packet", type, fields: [["packetId", id]], wire: [] };
}

/** What stands as the packet identifier. */
function idOf(one: Outcome | PacketSent | undefined): unknown {
  const value = one && "fields" in one ? one.fields.find(([name]) => name === "packetId")?.[1] : undefined;
  return value?.kind === "literal" ? value.value : value;
}

/** The library sends the packet that a step expects with an identifier of its own. */
function takes(ids: PacketIds, type: "PUBLISH" | "SUBSCRIBE", id: number, wire: number): unknown {
  const outcomes = [expects(type, id)];
  const [[expected] = []] = ids.expected([outcomes], scope);
  ids.took(outcomes, { type, packetId: wire }, scope);
  return idOf(expected);
}

Deno.test("a number of the case stands for the identifier that the library has chosen", () => {
  const ids = new PacketIds();
  ids.asked("PUBLISH", 7);
  equal(takes(ids, "PUBLISH", 7, 300), "any");
  equal(idOf(ids.sent(sends("PUBACK", number(7)), scope)), 300);
  equal(idOf(ids.expected([[expects("PUBREL", 7)]], scope)[0]?.[0]), 300);
  // Sent again it has to have the same.
  equal(takes(ids, "PUBLISH", 7, 300), 300);
});

Deno.test("several that are under way are told apart by the steps that take them", () => {
  const ids = new PacketIds();
  ids.asked("PUBLISH", 11);
  ids.asked("SUBSCRIBE", 12);
  ids.asked("PUBLISH", 13);
  takes(ids, "PUBLISH", 11, 1);
  takes(ids, "PUBLISH", 13, 2);
  takes(ids, "SUBSCRIBE", 12, 3);
  deepEqual([11, 12, 13].map((id) => idOf(ids.sent(sends("SUBACK", number(id)), scope))), [1, 3, 2]);
});

Deno.test("an identifier that stands for nothing is by no chance one of the library's", () => {
  const ids = new PacketIds();
  ids.asked("PUBLISH", 7);
  takes(ids, "PUBLISH", 7, 8);
  equal(idOf(ids.sent(sends("PUBACK", number(8)), scope)), 60_008);
  equal(idOf(ids.sent(sends("PUBACK", number(9)), scope)), 9);
});

Deno.test("identifiers of the broker, and those that were captured, are left as they are", () => {
  const ids = new PacketIds();
  ids.asked("PUBLISH", 7);
  takes(ids, "PUBLISH", 7, 8);
  equal(idOf(ids.sent(sends("PUBLISH", number(7)), scope)), 7);
  const captured: Value = { kind: "variable", path: ["got", "packetId"], place };
  const own = new Scope().set("got", { packetId: 7 });
  deepEqual(ids.sent(sends("PUBACK", captured), own), sends("PUBACK", captured));
});

Deno.test("a number that is used again stands for another exchange", () => {
  const ids = new PacketIds();
  ids.asked("PUBLISH", 7);
  takes(ids, "PUBLISH", 7, 1);
  ids.asked("PUBLISH", 7);
  equal(takes(ids, "PUBLISH", 7, 2), "any");
  equal(idOf(ids.sent(sends("PUBACK", number(7)), scope)), 2);
});

Deno.test("a packet of which the step names no identifier belongs to what was asked for first", () => {
  const ids = new PacketIds();
  ids.asked("SUBSCRIBE", 1);
  ids.took(
    [{ kind: "packet", type: "SUBSCRIBE", fields: [], place }],
    { type: "SUBSCRIBE", packetId: 40 },
    scope,
  );
  equal(idOf(ids.sent(sends("SUBACK", number(1)), scope)), 40);
});
