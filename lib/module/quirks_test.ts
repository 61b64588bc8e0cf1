import assert from "node:assert/strict";
import { MANUAL } from "./behaviour.ts";
import { isConsulted, recordedBehaviour, recordedHooks } from "./consulted.ts";
import { DEFECTS } from "./defects.ts";
import { HONEST } from "./hooks.ts";
import { meets, pointsOf, QUIRKS, withQuirks } from "./quirks.ts";
import { Bench } from "./test_bench.ts";
import { behaviourOf } from "./variants.ts";

const ECMT = { behaviour: MANUAL, hooks: HONEST };
const ESP = { behaviour: { ...MANUAL, ...behaviourOf("esp") }, hooks: HONEST };
const SIMCOM = { behaviour: { ...MANUAL, ...behaviourOf("simcom") }, hooks: HONEST };
const QMT = { behaviour: { ...MANUAL, ...behaviourOf("qmt") }, hooks: HONEST };

Deno.test("every quirk has an id that no defect has, says what it is and why it is lawful, and changes something", () => {
  const ids = QUIRKS.map(({ id }) => id);
  assert.equal(new Set([...ids, ...DEFECTS.map(({ id }) => id)]).size, QUIRKS.length + DEFECTS.length);
  for (const quirk of QUIRKS) {
    assert.match(quirk.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(quirk.about, /^[^a-z].*[^.]$/);
    assert.match(quirk.lawful, /^[^a-z].*[^.]$/);
    const ways = { ECMT, QMT, CMQTT: SIMCOM, MQTT: ESP }[quirk.commands ?? "ECMT"];
    assert.notDeepEqual(withQuirks([quirk.id], ways), ways, quirk.id);
    assert.ok(pointsOf(quirk).length > 0, quirk.id);
  }
});

Deno.test("an unknown quirk is refused with the nearest one that exists, and one of the other command set", () => {
  assert.throws(() => withQuirks(["pings-early"], ECMT), {
    name: "RangeError",
    message: 'Unknown quirk "pings-early" of the virtual module; did you mean ping-early?',
  });
  assert.throws(() => withQuirks(["ping-urc"], ECMT), {
    name: "RangeError",
    message: 'The quirk "ping-urc" is only for modules with AT+QMT commands, but this one has AT+ECMT',
  });
});

Deno.test("quirks add up, and go with defects", async () => {
  await using bench = await Bench.start({
    quirks: ["spaces-after-commas", "two-spaces-after-colon", "pub-value-given"],
    defects: ["pub-result-wrong-id"],
  });
  await bench.asks(`AT+ECMTOPEN=0,"${bench.host}",1883`, "OK", "+ECMTOPEN:  0, 0");
  const link = await bench.connection();
  await bench.asks("AT+ECMTCONN=0", "OK");
  await link.send({ type: "CONNACK" });
  await bench.hears("+ECMTCONN:  0, 0, 0");
  await bench.asks('AT+ECMTPUB=0,0,0,0,"a","x"', "OK", "+ECMTPUB:  0, 1, 0, 0");
});

Deno.test("a limit of a quirk leaves the other limits unchanged", () => {
  const { limits } = withQuirks(["topic-limit-127"], QMT).behaviour;
  assert.deepEqual(limits, { ...QMT.behaviour.limits, topic: 127 });
});

Deno.test("consulted points are reported by name and subject", () => {
  const seen = new Set<string>();
  const behaviour = recordedBehaviour(MANUAL, (point) => seen.add(point));
  const hooks = recordedHooks(HONEST, (point) => seen.add(point));
  assert.equal(behaviour.limits.topic, 255);
  assert.equal(behaviour.pingAt, MANUAL.pingAt);
  assert.deepEqual(hooks.send({ type: "PINGREQ" }), [{ type: "PINGREQ" }]);
  assert.deepEqual(hooks.urc({ name: "ECMTPUB", fields: [0] }), [{ name: "ECMTPUB", fields: [0] }]);
  assert.equal(hooks.prompt, HONEST.prompt);
  assert.deepEqual(hooks.besides("power-on"), []);
  assert.deepEqual(hooks.final('+CME ERROR: "odd"', false), ['+CME ERROR: "odd"']);
  assert.deepEqual(
    [...seen].sort(),
    [
      "besides power-on",
      "final",
      "limits",
      "limits.topic",
      "pingAt",
      "prompt",
      "send PINGREQ",
      "urc ECMTPUB",
    ],
  );
  assert.ok(isConsulted("send", seen));
  assert.ok(!isConsulted("sen", seen));
  const quirk = QUIRKS.find(({ id }) => id === "ping-early");
  assert.ok(quirk && meets(quirk, seen) && !meets(quirk, new Set(["pingEveryMs"])));
});

Deno.test("a run that publishes nothing does not consult how it publishes", async () => {
  const seen = new Set<string>();
  {
    await using bench = await Bench.start({ consulted: (point) => seen.add(point) });
    await bench.open();
  }
  for (const point of ["urc ECMTOPEN", "rule OPEN", "final OK", "roundTripMs"]) {
    assert.ok(seen.has(point), point);
  }
  for (const point of ["send", "deliver", "pingAt", "resumes", "recvQuoted"]) {
    assert.ok(!isConsulted(point, seen), point);
  }
});
