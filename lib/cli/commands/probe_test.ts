import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { TestFolder } from "../../catalog/test_folder.ts";
import { said } from "../test_screen.ts";

Deno.test("probe writes a target file with which the run passes", async () => {
  await using broker = await Broker.start({});
  await using folder = new TestFolder();
  const address = `mqtt://127.0.0.1:${broker.address.port}`;
  const probed = await said(
    ...["probe", "--target", address, "--out", folder.path, "--watch", "50ms", "--largest", "1000"],
  );
  assert.equal(probed.status, 0, probed.err);
  assert.match(probed.out, /^\+ QoS 2: is granted, acknowledged and delivered$/m);
  const path = / {2}(\S+\.yaml)$/m.exec(probed.out)?.[1] ?? "";
  const run = await said(
    ...["conform", "mqtt/ping", "--target", path, "--filter", "!header-flags", "--protocol", "3.1.1"],
    ...["--out", `${folder.path}/run`, "--format", "json"],
  );
  assert.equal(run.status, 0, run.out);
});

Deno.test("probe ends with 3 where nobody listens, and with 2 for a module", async () => {
  await using folder = new TestFolder();
  const dead = await said("probe", "--target", "mqtt://127.0.0.1:1", "--out", folder.path);
  assert.equal(dead.status, 3);
  assert.match(dead.err, /^error: 127\.0\.0\.1:1 refused the connection/);
  const module = await said("probe", "--target", "virtual-module", "--out", folder.path);
  assert.equal(module.status, 2);
  assert.match(module.err, /"virtual-module" is a module; a probe asks a broker/);
});

Deno.test("probe ends with 3 where no CONNECT is accepted", async () => {
  await using mute = await Broker.start({ defects: ["connack-lost"] });
  await using folder = new TestFolder();
  const { status, err } = await said(
    ...["probe", "--target", `mqtt://127.0.0.1:${mute.address.port}`, "--out", folder.path],
  );
  assert.equal(status, 3);
  assert.match(err, /accepts a CONNECT of no version; nothing could be asked/);
});

Deno.test("probe comes with the user of a target file, and the file that it writes finds the known deviations", async () => {
  await using folder = new TestFolder();
  folder.write("known.yaml", "target: guarded\nexpect: []\n");
  const target = folder.write(
    "targets/guarded.yaml",
    [
      "target: guarded",
      "title: A broker that wants a password",
      "tests: broker",
      "start: { embedded: reference-broker }",
      "credentials: { userName: { text: attest }, password: { text: secret } }",
      'protocols: ["3.1.1"]',
      "supports: [qos1]",
      "expectations: ../known.yaml",
    ].join("\n"),
  );
  const probed = await said(
    ...["probe", "--target", target, "--out", `${folder.path}/a/b`, "--watch", "50ms", "--largest", "1000"],
  );
  assert.equal(probed.status, 0, probed.err);
  assert.match(folder.read("a/b/guarded.yaml"), /^expectations: \.\.\/\.\.\/known\.yaml$/m);
  const run = await said(
    ...["conform", "mqtt/ping", "--target", `${folder.path}/a/b/guarded.yaml`, "--filter", "!header-flags"],
    ...["--out", `${folder.path}/run`, "--format", "json"],
  );
  assert.equal(run.status, 0, run.out);
});
