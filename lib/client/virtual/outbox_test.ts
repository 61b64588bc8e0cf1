import { deepEqual, equal } from "node:assert/strict";
import { HONEST, type Outgoing } from "./hooks.ts";
import { Outbox } from "./outbox.ts";

function message(packetId: number, qos: number): Outgoing {
  return { publish: { type: "PUBLISH", packetId, qos, topic: "t" }, packetId, qos, released: false };
}

const ids = (drafts: ReturnType<Outbox["due"]>) =>
  drafts.map((draft) => "packetId" in draft ? draft.packetId : 0);

Deno.test("an outbox holds messages back above what the broker takes, until one is acknowledged", () => {
  const outbox = new Outbox(HONEST);
  [1, 2, 3].forEach((id) => outbox.add(message(id, 1)));
  deepEqual(ids(outbox.due(2)), [1, 2]);
  equal(outbox.isFull(2), true);
  deepEqual(outbox.acknowledged("PUBACK", 1, 0).done, { packetId: 1, reason: 0 });
  deepEqual(ids(outbox.due(2)), [3]);
});

Deno.test("an outbox answers PUBREC by PUBREL, and one that refuses the message by nothing", () => {
  const outbox = new Outbox(HONEST);
  [1, 2].forEach((id) => outbox.add(message(id, 2)));
  outbox.due(10);
  deepEqual(outbox.acknowledged("PUBREC", 1, 0), {
    sends: [{ type: "PUBREL", packetId: 1 }],
    done: undefined,
  });
  deepEqual(outbox.acknowledged("PUBREC", 2, 0x87), { sends: [], done: { packetId: 2, reason: 0x87 } });
  outbox.again();
  deepEqual(outbox.due(10), [{ type: "PUBREL", packetId: 1 }]);
});

Deno.test("an outbox calls an acknowledgement of the wrong kind wrong, and ignores one of no message", () => {
  const outbox = new Outbox(HONEST);
  outbox.add(message(1, 2));
  equal(outbox.acknowledged("PUBACK", 1, 0).wrong, true);
  deepEqual(outbox.acknowledged("PUBACK", 9, 0), { sends: [] });
});
