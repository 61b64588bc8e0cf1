import assert from "node:assert/strict";
import { PLAIN_DIALECT } from "../at/dialect.ts";
import { Broker, type BrokerOptions } from "../broker/broker.ts";
import { amountOf, claimsIn } from "../suite/claim/claims.ts";
import { asked } from "./ask.ts";
import { reach, targetOfAddress } from "./reach.ts";
import { type BrokerTarget, TargetError } from "./target.ts";
import { loadTarget, type TargetFile } from "./target_file.ts";
import { targetStarted } from "./target_started.ts";

const signal = new AbortController().signal;

/** Reaches the reference broker by a target file for its address, and asks it. */
async function askedBroker(
  options: BrokerOptions,
  fileOf: (address: string) => TargetFile = targetOfAddress,
): Promise<BrokerTarget> {
  await using broker = await Broker.start(options);
  const file = fileOf(`mqtt://127.0.0.1:${broker.address.port}`);
  await using target = await reach(file, { dialect: () => PLAIN_DIALECT, signal });
  return target.kind === "broker" ? await asked(target, file, signal) : assert.fail();
}

function fileWith(more: string): (address: string) => TargetFile {
  return (address) => {
    const text = `target: office\ntitle: Office\ntests: broker\naddress: ${address}\n${more}`;
    const { target, problems } = loadTarget(text, "office.yaml");
    assert.deepEqual(problems, []);
    return target ?? assert.fail();
  };
}

Deno.test("a broker known by its address has the claims that it was found to have, in each version", async () => {
  const target = await askedBroker({ quirks: ["maximum-qos-1", "queued-messages-10"] });
  assert.deepEqual(target.protocols, ["3.1", "3.1.1", "5.0"]);
  assert.ok(claimsIn(target, "3.1.1").supports.includes("qos2"));
  assert.ok(!claimsIn(target, "5.0").supports.includes("qos2"));
  assert.deepEqual(amountOf(claimsIn(target, "5.0").values.get("queued")), { most: 10 });
  assert.equal(target.version, "attest reference broker");
});

Deno.test("the findings are in the record, with how they were found", async () => {
  const target = await askedBroker({ quirks: ["queued-messages-10", "dollar-topics-dropped"] });
  const { claims, askedMs, supports } = targetStarted(target);
  assert.ok(askedMs !== undefined && askedMs > 0);
  assert.ok(supports.includes("shared-subscriptions"));
  const five = claims?.find(({ protocol }) => protocol === "5.0");
  assert.deepEqual(five?.lacks, ["dollar-topics"]);
  assert.equal(five?.capacities["queued"], "10");
  assert.equal(five?.found?.["queued"], "10 of 1000 messages came");
  assert.match(five?.found?.["qos2"] ?? "", /granted/);
});

Deno.test("a file that claims is not asked, and one without claims is, in its versions, its values first", async () => {
  const own = await askedBroker({}, fileWith("supports: [qos1]\n"));
  assert.deepEqual([own.supports, own.found], [["qos1"], undefined]);
  assert.equal(targetStarted(own).claims, undefined);
  const open = await askedBroker(
    { quirks: ["queued-messages-10"] },
    fileWith('protocols: ["5.0"]\nvalues: { queued: 5, largest: 9 }\n'),
  );
  assert.deepEqual(open.protocols, ["5.0"]);
  const { values } = claimsIn(open, "5.0");
  assert.deepEqual([amountOf(values.get("queued")), amountOf(values.get("largest"))], [{ most: 5 }, {
    most: 9,
  }]);
});

Deno.test("a broker that accepts no client is reported in a sentence", async () => {
  const refusing: BrokerOptions = { alter: { connect: () => ({ kind: "refuse", reason: 5 }) } };
  await assert.rejects(askedBroker(refusing), (error) => {
    assert.ok(error instanceof TargetError);
    assert.match(error.message, /requires a login: it answers CONNACK 5 /);
    return true;
  });
  await assert.rejects(askedBroker({ alter: { connect: () => ({ kind: "close" }) } }), {
    message: /accepts the connection and closes it without answering a CONNECT/,
  });
});
