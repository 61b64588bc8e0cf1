import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { TestFolder } from "../../catalog/test_folder.ts";
import { endedAfter, said, spawned } from "../test_screen.ts";

const PROFILE = `profile: small
title: A small load
values: { hold: 1s }
groups:
  - { group: subs, role: subscribe, clients: 2, subscribe: [{ filter: t/$run/+, qos: 1 }] }
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 1, rate: 100 } }
stages: [{ hold: $hold }]
thresholds: [lost == 0]
`;

Deno.test("a load writes its journal and reports, and prints its result", async () => {
  await using folder = new TestFolder();
  const out = `${folder.path}/out`;
  const { status, out: text } = await said(
    "load",
    folder.write("small.yaml", PROFILE),
    "--out",
    out,
    "--seed",
    "5",
  );
  assert.deepEqual(folder.names("out"), ["journal.ndjson", "junit.xml", "report.html", "result.json"]);
  assert.match(text, /Target reference at mqtt:/);
  assert.match(text, /4 connected, 100 sent .*100 acknowledged, 200 of 200 received/);
  const result = JSON.parse(folder.read("out/result.json"));
  assert.equal(result.kind, "load");
  assert.equal(result.seed, 5);
  assert.equal(result.load.counts.received, 200);
  assert.equal(result.load.timings.latency.count, 200);
  // On a machine that is too busy the run is inconclusive, and says so.
  const limited = result.load.generatorLimited !== undefined;
  assert.equal(status, limited ? 1 : 0, text);
  assert.match(text, limited ? /generator-limited/ : /pass {2}lost == 0/);
});

Deno.test("a threshold that does not hold ends with 1", async () => {
  await using folder = new TestFolder();
  const file = folder.write("small.yaml", PROFILE.replace("lost == 0", "received == 7"));
  const { status, out } = await said("load", file, "--set", "hold=500ms", "--out", `${folder.path}/out`);
  assert.equal(status, 1);
  assert.match(out, /(fail|inconclusive) {2}received == 7 {2}\(100/);
});

Deno.test("mistakes of the command line and of a profile are reported, and nothing is run", async () => {
  await using folder = new TestFolder();
  const wrong = folder.write("wrong.yaml", PROFILE.replace("role: publish", "role: publis"));
  const cases: readonly (readonly [args: readonly string[], told: RegExp])[] = [
    [["fan-out-basik"], /Unknown profile "fan-out-basik"; did you mean fan-out-basic\?/],
    [[wrong], /wrong\.yaml:6:26\n[^]*did you mean publish\?[^]*Nothing was run/],
    [["fan-out-basic", "--shard", "3/2"], /Expected a share, such as 2\/4/],
    [
      ["fan-out-basic", "--target", "virtual-module"],
      /The target "virtual-module" is a module; the profile "fan-out-basic" needs a broker/,
    ],
    [["fan-out-basic", "--from", "here"], /"here" is not one\./],
    [["fan-out-basic", "--start-at", "noon"], /Expected a time/],
    [["fan-out-basic", "--start-at", "2020-01-01T00:00:00Z"], /The time of --start-at has passed/],
    [["fan-out-basic", "--set", "nonsense=1"], /no value "nonsense" to set/],
    // This mistake is found only after the record has begun.
    [["fan-out-basic", "--from", "203.0.113.7"], /203\.0\.113\.7/],
  ];
  for (const [args, told] of cases) {
    const { status, err } = await said("load", ...args, "--out", `${folder.path}/out`, "--format", "json");
    assert.equal(status, 2, args.join(" "));
    assert.match(err, told);
    const { exit, reason } = JSON.parse(folder.read("out/result.json"));
    assert.equal(exit, 2);
    assert.match(reason, told);
    await Deno.remove(`${folder.path}/out`, { recursive: true });
  }
  assert.deepEqual(folder.names(), ["wrong.yaml"]);
});

Deno.test("a broker that is not there ends with 3, a sentence and the reports", async () => {
  await using folder = new TestFolder();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const file = folder.write("small.yaml", PROFILE);
  const { status, out } = await said(
    "load",
    file,
    "--target",
    `mqtt://127.0.0.1:${port}`,
    "--out",
    `${folder.path}/out`,
  );
  assert.equal(status, 3);
  assert.match(out, /refused the connection/);
  assert.ok(folder.names("out").includes("junit.xml"));
});

Deno.test("Ctrl-C in the middle of a load ends with 130, and the reports hold what was measured", async () => {
  await using folder = new TestFolder();
  const file = folder.write("small.yaml", PROFILE);
  const child = spawned(["load", file, "--set", "hold=1m", "--out", `${folder.path}/out`], {
    permissions: "load",
  });
  const { status, out } = await endedAfter(child, "s left", () => child.kill("SIGINT"));
  assert.equal(status, 130, out);
  assert.match(out, /Interrupted: the reports hold what was measured/);
  const result = JSON.parse(folder.read("out/result.json"));
  assert.ok(result.load.counts.sent > 0);
  assert.equal(result.load.counts.planned, result.load.counts.sent + (result.load.counts.unsent ?? 0));
});

Deno.test("a broker at a bare address is probed first, and what a profile needs beyond that is reported", async () => {
  await using broker = await Broker.start({ quirks: ["grants-at-most-0"] });
  await using folder = new TestFolder();
  const address = `mqtt://127.0.0.1:${broker.address.port}`;
  const file = folder.write("small.yaml", PROFILE);
  const { out } = await said(
    ...["load", file, "--target", address, "--set", "hold=500ms", "--out", `${folder.path}/out`],
  );
  assert.match(
    out,
    /^Target \S+ at mqtt:\S+ \(attest reference broker\), speaks 3\.1, 3\.1\.1, 5\.0, asked in /m,
  );
  assert.match(out, /^ {2}The profile needs qos1$/m);
  const [target] = JSON.parse(folder.read("out/result.json")).targets;
  assert.deepEqual(target.claims[1].lacks, ["qos1", "qos2"]);
});

Deno.test("a profile in a version that the broker does not speak is not run", async () => {
  await using broker = await Broker.start({
    alter: { connect: (right, { protocolLevel }) => protocolLevel === 5 ? { kind: "close" } : right },
  });
  await using folder = new TestFolder();
  const file = folder.write("small.yaml", `${PROFILE}protocol: "5.0"\n`);
  const { status, out } = await said(
    ...["load", file, "--target", `mqtt://127.0.0.1:${broker.address.port}`, "--out", `${folder.path}/out`],
  );
  assert.equal(status, 3);
  assert.match(out, /does not speak MQTT 5\.0, and the profile "small" needs it/);
});
