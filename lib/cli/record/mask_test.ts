import assert from "node:assert/strict";
import { Mask } from "./mask.ts";
import { TestFolder } from "../../catalog/test_folder.ts";
import { said } from "../test_screen.ts";

const IMEI = "860000000000001";

Deno.test("with --mask no file of a run has the secrets of the module, the target or the command line", async () => {
  await using folder = new TestFolder();
  const suite = folder.write(
    "own.yaml",
    `suite: own
title: Own
values: { clientId: nobody, userName: nobody, password: nobody }
openings:
  opened:
    steps:
      - dte -> AT+ECMTOPEN=: [0, $host, $port]
      - dte <- OK
      - dte <- +ECMTOPEN: [0, 0]
cases:
  - case: connects
    purpose: it MUST connect
    use: { opened: {} }
    steps:
      - dte -> AT+ECMTCONN=: [0, $clientId, $userName, $password]
      - dte <- OK
      - broker <- CONNECT: { clientId: $clientId, userName: $userName, password: $password }
      - broker -> CONNACK
      - dte <- +ECMTCONN: [0, 0, { optional: 0 }]
  - case: tells
    purpose: it MUST tell another number
    steps:
      - dte -> AT+CGSN
      - dte <- line: "1234"
  - case: refuses
    purpose: it MUST be called otherwise
    use: { opened: {} }
    steps:
      - dte -> AT+ECMTCONN=: [0, $clientId, $userName, $password]
      - dte <- OK
      - broker <- CONNECT: { clientId: other }
`,
  );
  const target = folder.write(
    "t.yaml",
    `target: t
title: T
tests: module
start: { embedded: virtual-module }
values: { clientId: meter-0815-north, userName: alice.lidell }
within: 1s
`,
  );
  const formats = "html,junit,json,tap,markdown,pcapng,acceptance";
  const secrets = ["meter-0815-north", "alice.lidell", "pa55-w0rd-x", IMEI];
  const files = (run: string) =>
    folder.names(run).map((name) => [name, Deno.readFileSync(`${folder.path}/${run}/${name}`)] as const);
  const found = (run: string) =>
    files(run).flatMap(([name, bytes]) => {
      const text = new TextDecoder("latin1").decode(bytes).replaceAll(" ", "").toLowerCase();
      const forms = (secret: string) => [secret, new TextEncoder().encode(secret).toHex()];
      return secrets.filter((secret) => forms(secret).some((form) => text.includes(form))).map((one) =>
        `${name}: ${one}`
      );
    });
  const run = (out: string, ...more: string[]) =>
    said(
      ...["conform", suite, "--target", target, "--no-expect", "--set", "password=pa55-w0rd-x"],
      ...["--out", `${folder.path}/${out}`, "--format", formats, ...more],
    );
  await run("open");
  assert.ok(found("open").length > 8, found("open").join("\n"));
  const masked = await run("masked", "--mask");
  assert.equal(masked.status, 1);
  assert.deepEqual(found("masked"), []);
  assert.equal(files("masked").length, 8);
  for (const secret of secrets) assert.ok(!masked.out.includes(secret), secret);
  assert.match(folder.read("masked/report.html"), /\*{12}/);
  assert.match(folder.read("masked/result.json"), /"masked": true/);
});

Deno.test("the host of an address is masked in the target's name too, and loopback is not a secret", () => {
  const mask = new Mask("");
  mask.add("gw.lab.example");
  mask.add("127.0.0.1");
  const event = mask.event({
    kind: "target-started",
    t: 0,
    name: "gw.lab.example-4001",
    address: "tcp-serial://gw.lab.example:4001",
    supports: ["x127.0.0.1"],
    protocols: ["ECMT"],
  });
  assert.equal(event.name, "**************-4001");
  assert.equal(event.address, "tcp-serial://**************:4001");
  assert.deepEqual([event.supports, event.protocols], [["x127.0.0.1"], ["ECMT"]]);
});

Deno.test("a serial number is masked wherever it is, in bytes too, and their length stays the same", () => {
  const hex = new TextEncoder().encode(`x${IMEI}y 12345`).toHex();
  const chart = { kind: "chart" as const, t: 1, n: 1, lane: "dte", direction: "received" as const };
  const { text, hex: masked = "" } = new Mask("").event({ ...chart, text: `+CGSN: "${IMEI}"`, hex });
  assert.equal(text, `+CGSN: "${"*".repeat(15)}"`);
  assert.equal(new TextDecoder().decode(Uint8Array.fromHex(masked)), `x${"*".repeat(15)}y 12345`);
});

Deno.test("what a suite says openly is not a secret", () => {
  const mask = new Mask('- dte -> AT+ECMTCONN=: [0, $case, user, "secret"]');
  const text = 'AT+ECMTCONN=0,"abc-777","user","secret"';
  const chart = { kind: "chart" as const, t: 1, n: 1, lane: "dte", direction: "sent" as const, text };
  assert.equal(mask.event(chart).text, 'AT+ECMTCONN=0,"*******","user","secret"');
});
