import assert from "node:assert/strict";
import { clientHooks } from "./changes.ts";
import { HONEST } from "./hooks.ts";
import { CLIENT_QUIRKS } from "./quirks.ts";

Deno.test("every quirk of the virtual client has an id of its own, a reason, and changes a decision that it names", () => {
  assert.equal(new Set(CLIENT_QUIRKS.map(({ id }) => id)).size, CLIENT_QUIRKS.length);
  for (const { id, about, lawful, points, change } of CLIENT_QUIRKS) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(about, /[^.]$/);
    assert.ok(lawful, id);
    assert.deepEqual(
      new Set(points.map((point) => point.split(" ")[0])),
      new Set(Object.keys(change(HONEST))),
      id,
    );
  }
});

Deno.test("clientHooks() applies defects to the result of quirks", () => {
  const { endsFor, saysWhy } = clientHooks({
    defects: ["malformed-tolerated"],
    quirks: ["closes-without-a-word"],
  });
  assert.deepEqual([endsFor("malformed"), endsFor("alias"), saysWhy], [false, true, false]);
});

Deno.test("clientHooks() tells which decisions are asked, with the packet or the event that they are about", () => {
  const seen: string[] = [];
  const hooks = clientHooks({ consulted: (point) => void seen.push(point) });
  hooks.sent({ type: "PINGREQ" });
  hooks.told({ on: "lost", client: "a" });
  assert.ok(hooks.refusesQoS(3) && hooks.missesPong);
  assert.deepEqual(seen, ["sent PINGREQ", "told lost", "refusesQoS", "missesPong"]);
});
