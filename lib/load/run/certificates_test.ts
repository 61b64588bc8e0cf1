import assert from "node:assert/strict";
// The certificate library looks up classes by their metadata, so this module must be loaded first.
import "reflect-metadata";
import { Broker } from "../../broker/broker.ts";
import { pause } from "../../ground/wait.ts";
import { clientIssuer, type Credential, makeCertificates } from "../../transport/certificates.ts";
import { freePort } from "../../transport/free_port.ts";
import { loadTarget } from "../../target/target_file.ts";
import { runName } from "./load.ts";
import { loaded, loadedEvents } from "./test_bench.ts";
import { mosquittoIsThere } from "./test_mosquitto.ts";

const FLEET = (certificate: string) =>
  `profile: fleet
title: Fleet
connect: { again: false }
drain: 500ms
groups:
  - { group: backend, role: subscribe, clients: 1, certificate: ${certificate}, subscribe: [{ filter: f/$run/+, qos: 1 }] }
  - group: device
    role: publish
    clients: 6
    certificate: ${certificate}
    publish: { topic: f/$run/$client, qos: 1, rate: 30 }
stages: [{ hold: 1s }]
thresholds: [lost == 0]
`;

Deno.test({
  name: "each client gets a certificate from the issuer of the target, which Mosquitto accepts",
  ignore: !mosquittoIsThere,
  async fn() {
    const file = new URL("../../../suites/targets/mosquitto-tls.yaml", import.meta.url);
    const { target } = loadTarget(await Deno.readTextFile(file), file.pathname);
    assert.ok(target);
    const { result, exit } = await loaded(FLEET("{ issued: true }"), target);
    assert.equal(exit, 0);
    const { certificates, sent, received } = result.counts;
    assert.deepEqual([certificates, result.counts["connect.succeeded"], sent, received], [7, 7, 30, 30]);
    assert.ok((result.timings["connect.tls"]?.count ?? 0) === 7);
  },
});

Deno.test({
  name: "with the certificate of one device revoked, exactly that one is reported",
  ignore: !mosquittoIsThere,
  async fn() {
    const folder = await Deno.makeTempDir();
    const { ca, authority, server } = await makeCertificates();
    const issue = await clientIssuer(authority);
    for (const group of ["backend", "device"]) {
      for (let client = 0; client < 6; client++) {
        const { certificate, key } = await issue(`${group}-${client}`);
        await Deno.writeTextFile(`${folder}/${group}-${client}.pem`, certificate);
        await Deno.writeTextFile(`${folder}/${group}-${client}.key`, key);
      }
    }
    const files = {
      "ca.pem": ca,
      "server.pem": server.certificate,
      "server.key": server.key,
      "crl.pem": await revoked(authority, await Deno.readTextFile(`${folder}/device-3.pem`)),
    };
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const port = freePort();
    await Deno.writeTextFile(
      `${folder}/config`,
      `listener ${port} 127.0.0.1
allow_anonymous true
sys_interval 1
cafile ${folder}/ca.pem
certfile ${folder}/server.pem
keyfile ${folder}/server.key
crlfile ${folder}/crl.pem
require_certificate true
log_dest none
user root
`,
    );
    const mosquitto = new Deno.Command("mosquitto", {
      args: ["-c", `${folder}/config`],
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const pattern = `{ file: ${folder}/$group-$client.pem, key: ${folder}/$group-$client.key }`;
      const access = loadTarget(
        `target: crl
title: Mosquitto with a revoked device
tests: broker
address: mqtts://127.0.0.1:${port}
tls: { ca: ${folder}/ca.pem, certificate: ${folder}/device-0.pem, key: ${folder}/device-0.key, serverName: localhost }
protocols: ["3.1.1"]
supports: [qos1]
`,
        `${folder}/target.yaml`,
      );
      assert.deepEqual(access.problems, []);
      assert.ok(access.target);
      await listens(port);
      const { result } = await loaded(FLEET(pattern), access.target);
      assert.equal(result.counts["connect.succeeded"], 6);
      assert.deepEqual(Object.keys(result.reasons), [`the certificate of ${runName(7)}-device-3 is refused`]);
      assert.equal(result.counts.lost ?? 0, 0);
    } finally {
      mosquitto.kill();
      await mosquitto.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("certificates need TLS, and an issuer if they are issued", async () => {
  await using broker = await Broker.start();
  const { events } = await loadedEvents(FLEET("{ issued: true }"), broker.address.port);
  assert.match(JSON.stringify(events.at(-1)), /is reached without TLS; use a target with mqtts/);
});

/** A list of revoked certificates, as PEM: one certificate, revoked by its authority. */
async function revoked(authority: Credential, certificate: string): Promise<string> {
  const { PemConverter, X509Certificate, X509CrlGenerator } = await import("@peculiar/x509");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const [key] = PemConverter.decode(authority.key);
  assert.ok(key);
  const crl = await X509CrlGenerator.create({
    issuer: new X509Certificate(authority.certificate).subject,
    entries: [{ serialNumber: new X509Certificate(certificate).serialNumber, revocationDate: new Date() }],
    thisUpdate: new Date(Date.now() - 600_000),
    nextUpdate: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    signingKey: await crypto.subtle.importKey("pkcs8", key, algorithm, false, ["sign"]),
  });
  return PemConverter.encode(crl.rawData, "X509 CRL");
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await pause(20);
    }
  }
  throw new Error(`There is no listener on port ${port}`);
}
