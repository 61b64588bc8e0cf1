import assert from "node:assert/strict";
import { Broker } from "../broker/broker.ts";
import { TestFolder } from "../catalog/test_folder.ts";
import { makeCertificates } from "../transport/certificates.ts";
import { said } from "./test_screen.ts";

const USER = "the-users-own-name";
const PASSWORD = "correct-horse-battery";
const PING = ["conform", "mqtt/ping", "--no-expect", "--protocol", "3.1.1", "--format", "json,html,junit"];

/** A broker that accepts one user; with `also` over TLS too. */
function guarded(tls?: { readonly certificate: string; readonly key: string }): Promise<Broker> {
  return Broker.start({
    alter: {
      connect: (_, { userName, password }) =>
        userName === USER && new TextDecoder().decode(password) === PASSWORD
          ? { kind: "accept" }
          : { kind: "refuse", reason: userName === undefined ? 5 : 4 },
    },
    also: tls ? [{ kind: "mqtts", host: "127.0.0.1", port: 0 }] : [],
    tls,
  });
}

function everything(folder: TestFolder, name: string): string {
  return folder.names(name).map((file) => folder.read(`${name}/${file}`)).join("\n");
}

Deno.test("--user and --password-file give conform and probe access, and are in no report", async () => {
  await using folder = new TestFolder();
  await using broker = await guarded();
  const target = ["--target", `mqtt://127.0.0.1:${broker.address.port}`];
  const access = ["--user", USER, "--password-file", folder.write("secret", `${PASSWORD}\n`)];
  const run = await said(...PING, ...target, ...access, "--out", `${folder.path}/out`);
  assert.equal(run.status, 0, run.out + run.err);
  assert.doesNotMatch(everything(folder, "out") + run.out + run.err, new RegExp(`${USER}|${PASSWORD}`));
  const probe = await said("probe", ...target, ...access, "--watch", "1s", "--out", `${folder.path}/probe`);
  assert.equal(probe.status, 0, probe.err);
  assert.match(probe.out, new RegExp(`--target \\S+\\.yaml --user ${USER} --password-file \\S+secret$`));
  assert.doesNotMatch(everything(folder, "probe") + probe.out, new RegExp(PASSWORD));
});

Deno.test("--user and --password-file override the credentials of a target file", async () => {
  await using folder = new TestFolder();
  await using broker = await guarded();
  const target = folder.write(
    "own.yaml",
    [
      ...["target: own", "title: Own", "tests: broker", `address: mqtt://127.0.0.1:${broker.address.port}`],
      ...["credentials: { userName: { text: other }, password: { text: other } }", "supports: [qos1]"],
    ].join("\n"),
  );
  const secret = folder.write("secret", PASSWORD);
  const own = await said(...PING, "--target", target, "--out", `${folder.path}/a`);
  assert.equal(own.status, 3, own.out);
  const given = ["--user", USER, "--password-file", secret];
  const over = await said(...PING, "--target", target, ...given, "--out", `${folder.path}/b`);
  assert.equal(over.status, 0, over.out + over.err);
});

Deno.test("--ca trusts an authority, and --insecure any certificate", async () => {
  await using folder = new TestFolder();
  const certificates = await makeCertificates();
  await using broker = await guarded(certificates.server);
  const port = broker.addresses.flatMap((one) => one.kind === "mqtts" ? [one.port] : [])[0];
  const secret = folder.write("secret", PASSWORD);
  const target = ["--target", `mqtts://127.0.0.1:${port}`, "--user", USER, "--password-file", secret];
  const ca = folder.write("ca.pem", certificates.ca);
  for (const [name, access] of [["ca", ["--ca", ca]], ["any", ["--insecure"]]] as const) {
    const run = await said(...PING, ...target, ...access, "--out", `${folder.path}/${name}`);
    assert.equal(run.status, 0, run.out + run.err);
  }
  const other = folder.write("other.pem", (await makeCertificates()).ca);
  const wrong = await said(...PING, ...target, "--ca", other, "--out", `${folder.path}/wrong`);
  assert.equal(wrong.status, 3);
  assert.match(wrong.out, /cannot be verified: .* --insecure$/m);
});

Deno.test("access that can reach no target of the run is a mistake", async () => {
  await using folder = new TestFolder();
  const secret = folder.write("secret", PASSWORD);
  const table: readonly (readonly [readonly string[], RegExp])[] = [
    [["--target", "reference", "--user", "a"], /^--user: expected a target that is a broker at an address/],
    [
      ["--target", "mqtt://127.0.0.1:1", "--insecure"],
      /^--insecure: expected a target that is a broker at mqtts:\/\/ or /,
    ],
    [
      ["--target", "mqtt://127.0.0.1:1", "--password-file", secret],
      /^--password-file needs a user name; give it with --user$/,
    ],
    [
      ["--target", "mqtts://127.0.0.1:1", "--ca", secret, "--insecure"],
      /^--ca can't be used with --insecure/,
    ],
    [["--target", "mqtt://127.0.0.1:1", "--user", ""], /A user name is expected/],
  ];
  for (const [args, told] of table) {
    const { status, err } = await said("conform", "mqtt/ping", ...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err.replace(/^error: .*invalid\. /, ""), told);
  }
  const run = await said(
    ...["conform", "mqtt/ping", "--target", "mqtt://127.0.0.1:1", "--user", "a"],
    ...["--password-file", `${folder.path}/none`, "--out", `${folder.path}/out`],
  );
  assert.equal(run.status, 3);
  assert.match(run.out, /cannot read the password from ".*none": there is no such file/);
});

Deno.test("a password in an address is refused without being shown, wherever the address is", async () => {
  await using folder = new TestFolder();
  const urls = [
    "mqtt://alice:wonder/land@127.0.0.1:1",
    "wss://alice:wonderland@h/mqtt",
    "alice:wonderland@127.0.0.1:1883",
    "mqtt:alice:wonderland@127.0.0.1",
    "http://alice:wonderland@h",
  ];
  for (const url of urls) {
    for (const command of [["conform"], ["load", "fan-out-basic"], ["probe"]]) {
      const { status, out, err } = await said(...command, "--target", url);
      assert.equal(status, 2, url);
      assert.match(err, /must not contain a user name or password/);
      assert.doesNotMatch(out + err, /alice|wonder|land@/);
    }
  }
  const file = (key: string) =>
    folder.write(
      "own.yaml",
      `target: own\ntitle: Own\ntests: broker\naddress: mqtt://127.0.0.1:1\n${key}\n`.replace(
        /address: mqtt:\/\/127\.0\.0\.1:1\n(?=address)/,
        "",
      ),
    );
  for (const key of ["address: mqtt://alice:wonderland@h:1", "websocket: ws://alice:wonderland@h/mqtt"]) {
    const { status, out, err } = await said("lint", file(key));
    assert.equal(status, 2);
    assert.match(
      err,
      /must not contain a user name or password.*\n +--> .*own\.yaml:[45]:\d+\n.*:\/\/\*{16}@h/,
    );
    assert.doesNotMatch(out + err, /alice|wonderland/);
  }
});

Deno.test("a run whose cases have their own logins is judged although the target has none", async () => {
  await using folder = new TestFolder();
  await using broker = await guarded();
  const target = folder.write(
    "own.yaml",
    [
      ...["target: own", "title: Own", "tests: broker", `address: mqtt://127.0.0.1:${broker.address.port}`],
      ...['protocols: ["3.1.1"]', "supports: [qos1]"],
    ].join("\n"),
  );
  const cases = (more: string) =>
    `suite: own
title: Logins
protocols: ["3.1.1"]
cases:
  - case: known
    purpose: a known user MUST be let in
    steps:
      - c -> CONNECT: { userName: ${USER}, password: ${PASSWORD} }
      - c <- CONNACK: { reason: 0 }
  - case: unknown
    purpose: who gives no name MUST be refused
    steps:
      - c -> CONNECT
      - c <- CONNACK: { reason: [4, 5] }
      - c <- closed
${more}`;
  const options = ["--target", target, "--no-expect", "--format", "json", "--out", `${folder.path}/out`];
  const about = await said("conform", folder.write("about.yaml", cases("")), ...options);
  assert.equal(about.status, 0, about.out + about.err);
  const other = `  - case: other
    purpose: a client MUST be let in
    steps:
      - c -> CONNECT
      - c <- CONNACK: { reason: 0 }
`;
  const mixed = await said("conform", folder.write("mixed.yaml", cases(other)), ...options);
  assert.equal(mixed.status, 3);
  assert.match(mixed.out, /requires a login/);
});
