import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { TestFolder } from "../../catalog/test_folder.ts";
import { said } from "../test_screen.ts";

Deno.test("probe writes a target file with which the run passes", async () => {
  await using broker = await Broker.start({});
  await using folder = new TestFolder();
  const address = `mqtt://127.0.0.1:${broker.address.port}`;
  const probed = await said(
    ...["probe", "--target", address, "--out", folder.path, "--watch", "50ms", "--largest", "10000"],
  );
  assert.equal(probed.status, 0, probed.err);
  assert.match(probed.out, /^In 3\.1\.1$/m);
  assert.match(probed.out, /^\+ qos2: a subscription at QoS 2 is granted$/m);
  const path = / {2}(\S+\.yaml)$/m.exec(probed.out)?.[1] ?? "";
  const run = await said(
    ...["conform", "mqtt/ping", "--target", path, "--filter", "!header-flags", "--protocol", "3.1.1"],
    ...["--out", `${folder.path}/run`, "--format", "json"],
  );
  assert.equal(run.status, 0, run.out);
});

Deno.test("probe ends with 3 if there is no listener, and with 2 for a module", async () => {
  await using folder = new TestFolder();
  const dead = await said("probe", "--target", "mqtt://127.0.0.1:1", "--out", folder.path);
  assert.equal(dead.status, 3);
  assert.match(dead.err, /^error: 127\.0\.0\.1:1 refused the connection/);
  const module = await said("probe", "--target", "virtual-module", "--out", folder.path);
  assert.equal(module.status, 2);
  assert.match(module.err, /"virtual-module" is a module; probe needs a broker/);
});

Deno.test("probe ends with 3 if no CONNECT is accepted", async () => {
  await using mute = await Broker.start({ defects: ["connack-lost"] });
  await using folder = new TestFolder();
  const { status, err } = await said(
    ...["probe", "--target", `mqtt://127.0.0.1:${mute.address.port}`, "--out", folder.path],
  );
  assert.equal(status, 3);
  assert.match(err, /accepts the connection but does not answer a CONNECT within 5 s/);
});

Deno.test("probe connects as the user of a target file, and the file that it writes finds the known deviations", async () => {
  await using folder = new TestFolder();
  folder.write("known.yaml", "target: guarded\nexpect: []\n");
  const target = folder.write(
    "targets/guarded.yaml",
    [
      "target: guarded",
      "title: A broker that requires a password",
      "tests: broker",
      "start: { embedded: reference-broker }",
      "credentials: { userName: { text: attest }, password: { text: secret } }",
      'protocols: ["3.1.1"]',
      "supports: [qos1]",
      "expectations: ../known.yaml",
    ].join("\n"),
  );
  const probed = await said(
    ...["probe", "--target", target, "--out", `${folder.path}/a/b`, "--watch", "50ms", "--largest", "10000"],
  );
  assert.equal(probed.status, 0, probed.err);
  assert.match(folder.read("a/b/guarded.yaml"), /^expectations: \.\.\/\.\.\/known\.yaml$/m);
  const run = await said(
    ...["conform", "mqtt/ping", "--target", `${folder.path}/a/b/guarded.yaml`, "--filter", "!header-flags"],
    ...["--out", `${folder.path}/run`, "--format", "json"],
  );
  assert.equal(run.status, 0, run.out);
});

/** The verdicts of a run, by case and protocol. */
async function verdicts(target: string, out: string): Promise<ReadonlyMap<string, string>> {
  const run = await said(
    ...["conform", "mqtt/client-ids", "mqtt/sizes", "mqtt/order", "mqtt/qos2/handshake*", "--target", target],
    ...["--no-expect", "--filter", "!large", "--out", out, "--format", "json"],
  );
  const { cases }: Result = JSON.parse(await Deno.readTextFile(`${out}/result.json`));
  assert.ok(cases.length > 300, run.err);
  return new Map(
    cases.map(({ id, protocol, verdict, reason = "" }) => [`${id} ${protocol}`, `${verdict} ${reason}`]),
  );
}

interface Result {
  readonly cases: readonly {
    readonly id: string;
    readonly protocol: string;
    readonly verdict: string;
    readonly reason?: string;
  }[];
}

Deno.test("a run by an address and one with the file that probe writes for it give the same verdicts", async () => {
  await using broker = await Broker.start({
    quirks: ["topic-levels-8", "queued-messages-10", "maximum-qos-1", "long-ids-refused"],
  });
  await using folder = new TestFolder();
  const address = `mqtt://127.0.0.1:${broker.address.port}`;
  const byAddress = await verdicts(address, `${folder.path}/by-address`);
  const probed = await said("probe", "--target", address, "--out", folder.path, "--watch", "50ms");
  const path = / {2}(\S+\.yaml)$/m.exec(probed.out)?.[1] ?? assert.fail(probed.err);
  assert.deepEqual(await verdicts(path, `${folder.path}/by-file`), byAddress);
  const reasons = [...byAddress.values()];
  assert.ok(reasons.every((one) => /^(pass|skip) /.test(one)));
  assert.ok(reasons.includes("skip capacity: the target accepts 8 topic levels, this case needs 12"));
  assert.ok(reasons.includes("skip capacity: the target accepts 10 queued messages, this case needs 41"));
  assert.equal(byAddress.get("mqtt/qos2/handshake[id=1] 5.0"), 'skip The target does not claim "qos2"');
  assert.equal(byAddress.get("mqtt/qos2/handshake[id=1] 3.1.1"), "pass ");
});

Deno.test("a run by an address says in three lines what it found, and what lies outside it", async () => {
  await using broker = await Broker.start({ quirks: ["topic-levels-8"] });
  await using folder = new TestFolder();
  const address = `mqtt://127.0.0.1:${broker.address.port}`;
  const run = await said(
    ...[
      "conform",
      "mqtt/sizes/deep-topic",
      "--target",
      address,
      "--out",
      folder.path,
      "--format",
      "json,html",
    ],
  );
  // All cases lie outside it, so nothing was judged.
  assert.equal(run.status, 1, run.err);
  const lines = run.out.split("\n");
  const at = lines.findIndex((line) => line.startsWith("Target "));
  assert.match(
    lines[at] ?? "",
    /^Target \S+ at mqtt:\S+ \(attest reference broker\), speaks 3\.1, 3\.1\.1, 5\.0, asked in \d+\.\d s$/,
  );
  assert.match(
    lines[at + 1] ?? "",
    /^ {2}supports qos1, qos2, .*; in 3\.1\.1 and 5\.0 empty-client-id; in 5\.0 shared-/,
  );
  assert.match(
    lines[at + 2] ?? "",
    /^ {2}takes topicLevels 8; in 5\.0 largestPacket 16777216.*; at least .*queued 1000/,
  );
  assert.match(run.out, /^12 cases need more than this target accepts: 12 topicLevels$/m);
  assert.match(folder.read("report.html"), /How attest found its claims/);
});
