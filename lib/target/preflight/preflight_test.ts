import assert from "node:assert/strict";
import type { BrokerBehaviour } from "../../broker/behaviour.ts";
import { TransportError } from "../../transport/error.ts";
import type { BrokerAddress } from "../../transport/address.ts";
import { TargetError } from "../target.ts";
import { type Candidate, preflight, type PreflightOptions } from "./preflight.ts";
import { answering, broker, dead, type FarEnd, full, lineByLine, server } from "./test_far_ends.ts";

const signal = new AbortController().signal;
const ALL = ["3.1", "3.1.1", "5.0"];
const LEVELS: Readonly<Record<string, number>> = { "3.1": 3, "3.1.1": 4, "5.0": 5 };

/** Returns the message of a preflight about a far end, or undefined if it accepts a client. */
async function told(
  farEnd: FarEnd,
  given: Partial<Candidate> & { readonly scheme?: "mqtt" | "mqtts" | "ws" | "wss" } = {},
  options: PreflightOptions = {},
): Promise<string | undefined> {
  const { scheme = "mqtt", ...candidate } = given;
  const at = { host: "127.0.0.1", port: farEnd.port };
  const address: BrokerAddress = scheme === "mqtt" || scheme === "mqtts"
    ? { kind: scheme, ...at }
    : { kind: scheme, ...at, path: "/mqtt" };
  try {
    await preflight({ address, protocols: ALL, ...candidate }, signal, options);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof TargetError || error instanceof TransportError, String(error));
    assert.doesNotMatch(error.message, /[.\n]$/);
    return error.message.replaceAll(`:${farEnd.port}`, ":PORT");
  }
}

type Connect = NonNullable<BrokerBehaviour["connect"]>;

/** A broker that refuses with a code of 3.x or of 5.0. */
function refusing(code: number, code5: number): Promise<FarEnd> {
  const connect: Connect = (_, { protocolLevel }) => ({
    kind: "refuse",
    reason: protocolLevel === 5 ? code5 : code,
  });
  return broker({ alter: { connect } });
}

/** A broker that accepts these versions, and refuses others with the code of 3.1.1 or closes silently. */
function speaking(version: string, refuses: boolean): Promise<FarEnd> {
  const connect: Connect = (_, { protocolLevel }) =>
    protocolLevel === LEVELS[version]
      ? { kind: "accept" }
      : refuses
      ? { kind: "refuse", reason: protocolLevel === 5 ? 0x84 : 1 }
      : { kind: "close" };
  return broker({ alter: { connect } });
}

const user = { userName: "alice", password: "wonderland" };

Deno.test("a broker that accepts the client is accepted, whatever versions it speaks", async () => {
  for (const version of ALL) {
    for (const refuses of [true, false]) {
      await using one = await speaking(version, refuses);
      assert.equal(await told(one), undefined, `${version} ${refuses}`);
    }
  }
});

Deno.test("a broker that speaks none of the target's versions is reported", async () => {
  await using one = await speaking("5.0", true);
  assert.equal(
    await told(one, { protocols: ["3.1.1"] }),
    "The broker at mqtt://127.0.0.1:PORT speaks none of the versions that its target names, MQTT 3.1.1: it " +
      "answers CONNACK 1 (Connection Refused, unacceptable protocol version) to a CONNECT in 3.1.1; list the versions " +
      "that it speaks under protocols: in a target file",
  );
});

Deno.test("a broker that requires a login is reported, by each of its codes", async () => {
  for (const [code, code5] of [[4, 0x86], [5, 0x87]] as const) {
    await using one = await refusing(code, code5);
    for (const protocols of [["3.1.1"], ["5.0"], ["3.1"], ALL]) {
      const sentence = await told(one, { protocols });
      assert.match(
        sentence ?? "",
        /^The broker at mqtt:\/\/127\.0\.0\.1:PORT requires a login: it answers CONNACK /,
      );
      assert.match(
        sentence ?? "",
        /give --user NAME and --password-file FILE, or credentials: in a target file$/,
      );
    }
    const sentence = await told(one, { credentials: user });
    assert.match(
      sentence ?? "",
      /refuses this user name or password: it answers CONNACK .*; check --user and /,
    );
    assert.doesNotMatch(sentence ?? "", /alice|wonderland/);
    assert.equal(await told(one, {}, { ownLogins: true }), undefined);
  }
});

Deno.test("the target's own credentials are used, and a broker may know its clients by their ids", async () => {
  const connect: Connect = (_, { userName, clientId }) =>
    userName === "alice" && clientId === "" ? { kind: "accept" } : { kind: "refuse", reason: 5 };
  await using one = await broker({ alter: { connect } });
  assert.equal(await told(one, { credentials: user, protocols: ["3.1.1"] }), undefined);
  await using other = await refusing(2, 0x85);
  assert.equal(await told(other), undefined);
});

Deno.test("a broker that accepts no clients now is reported, with its reason cut and escaped", async () => {
  await using busy = await refusing(3, 0x88);
  assert.match(
    await told(busy) ?? "",
    /accepts no clients now: it answers CONNACK 3 \(.*Server unavailable\) to a CONNECT; try again once /,
  );
  const text = new TextEncoder().encode(`\u001b[31m${"x".repeat(100)}`);
  const properties = [0x1f, 0, text.length, ...text];
  const body = [0, 0x87, properties.length, ...properties];
  await using wordy = answering(Uint8Array.from([0x20, body.length, ...body]));
  assert.match(
    await told(wordy, { protocols: ["5.0"] }) ?? "",
    /\(Not authorized\), with the reason "\\u001b\[31mx{55}…" to a CONNECT without a user name; /,
  );
});

Deno.test("what speaks another protocol is named, its bytes cut and escaped", async () => {
  const bytes = (text: string) => answering(text);
  const table: readonly (readonly [FarEnd, string])[] = [
    [
      bytes("HTTP/1.1 400 Bad \u001b[2JRequest\r\nServer: x\r\n\r\n"),
      'mqtt://127.0.0.1:PORT speaks HTTP instead of MQTT: it answers "HTTP/1.1 400 Bad \\u001b[2JRequest"; ' +
      "check the port, or write ws://127.0.0.1:PORT/mqtt for MQTT over WebSocket",
    ],
    [
      lineByLine(),
      'mqtt://127.0.0.1:PORT speaks HTTP instead of MQTT: it answers "HTTP/1.1 404 Not Found"; ' +
      "check the port, or write ws://127.0.0.1:PORT/mqtt for MQTT over WebSocket",
    ],
    [
      bytes(`SSH-2.0-${"y".repeat(100)}\r\n`),
      `mqtt://127.0.0.1:PORT answers a CONNECT with bytes that are not MQTT: "SSH-2.0-${"y".repeat(52)}…"; ` +
      "check host and port, which is usually 1883 for mqtt:// and 8883 for mqtts://",
    ],
    [
      bytes("* OK IMAP4rev1 ready\r\n"),
      'mqtt://127.0.0.1:PORT answers a CONNECT with bytes that are not MQTT: "* OK IMAP4rev1 ready"; ' +
      "check host and port, which is usually 1883 for mqtt:// and 8883 for mqtts://",
    ],
    [
      answering(Uint8Array.from([0, 1, 2])),
      "mqtt://127.0.0.1:PORT answers a CONNECT with bytes that are not MQTT: 00 01 02; " +
      "check host and port, which is usually 1883 for mqtt:// and 8883 for mqtts://",
    ],
    [
      server((connection) => connection.close()),
      "mqtt://127.0.0.1:PORT accepts the connection and closes it without answering a CONNECT; " +
      "check the port, whether it requires a login (--user, --password-file), and the broker's log",
    ],
  ];
  for (const [farEnd, sentence] of table) {
    await using _ = farEnd;
    assert.equal(await told(farEnd), sentence);
  }
});

Deno.test("TLS at mqtt://, and plain MQTT and HTTP at mqtts://, are reported with the right address", async () => {
  await using secure = await broker({}, true);
  assert.equal(
    await told(secure),
    "mqtt://127.0.0.1:PORT speaks TLS, but the address is for a connection without TLS; write mqtts://127.0.0.1:PORT",
  );
  assert.match(
    await told(secure, { scheme: "ws" }) ?? "",
    /speaks TLS, .*; write wss:\/\/127\.0\.0\.1:PORT$/,
  );
  await using plain = await broker({});
  assert.equal(
    await told(plain, { scheme: "mqtts" }),
    "mqtts://127.0.0.1:PORT speaks MQTT without TLS, but the address is for TLS; write mqtt://127.0.0.1:PORT",
  );
  assert.match(
    await told(plain, { scheme: "ws" }) ?? "",
    /speaks MQTT without WebSocket; write mqtt:\/\/127\.0\.0\.1:PORT$/,
  );
  await using web = answering("HTTP/1.1 400 Bad Request\r\n\r\n");
  assert.match(
    await told(web, { scheme: "mqtts" }) ?? "",
    /speaks HTTP instead of MQTT: it answers "HTTP\/1\.1 400 /,
  );
});

Deno.test("a broker that requires a client certificate is reported", async () => {
  await using secure = await broker({}, "with client certificates");
  const sentence = await told(secure, { scheme: "mqtts", tls: { insecure: true } });
  assert.match(
    sentence ?? "",
    /requires a client certificate; give tls: \{ certificate, key \} in a target file$/,
  );
  assert.match(await told(secure) ?? "", /speaks TLS, .*; write mqtts:/);
});

Deno.test("an untrusted certificate is reported with what to do, and --insecure accepts it", async () => {
  await using secure = await broker({}, true);
  assert.match(
    await told(secure, { scheme: "mqtts" }) ?? "",
    /cannot be verified: .*; name its authority with --ca FILE or .*, or accept any certificate with --insecure$/,
  );
  assert.equal(await told(secure, { scheme: "mqtts", tls: { insecure: true } }), undefined);
});

Deno.test("a port that refuses, one that accepts no connection and one that does not respond are distinguished", async () => {
  await using nobody = await dead();
  assert.equal(
    await told(nobody),
    "127.0.0.1:PORT refused the connection; check that a program listens there",
  );
  await using busy = await full();
  await using mute = server(() => {});
  const [noConnection, noAnswer] = await Promise.all([told(busy), told(mute)]);
  assert.equal(
    noConnection,
    "No response from 127.0.0.1:PORT within 5 s; check the address and the firewall",
  );
  assert.equal(
    noAnswer,
    "mqtt://127.0.0.1:PORT accepts the connection but does not answer a CONNECT within 5 s; " +
      "check the port and whether the broker runs, or set a longer within: in a target file",
  );
});

Deno.test("a broker is asked by one connection, unless it does not speak the first version", async () => {
  const asked: number[] = [];
  const connect: Connect = (_, { protocolLevel }) => {
    asked.push(protocolLevel);
    return { kind: "accept" };
  };
  await using one = await broker({ alter: { connect } });
  await told(one);
  assert.deepEqual(asked, [4]);
});

Deno.test("clients of several versions do not take the place of each other", async () => {
  await using mute = await broker({ defects: ["connack-lost"] });
  assert.match(await told(mute) ?? "", /does not answer a CONNECT within 5 s/);
});

Deno.test("a CONNACK that can't be read is left to the suites, and so is what a started broker says while it starts", async () => {
  await using odd = answering(Uint8Array.from([0x20, 3, 0, 0, 0]));
  assert.equal(await told(odd), undefined);
  await using closing = server((connection) => connection.close());
  assert.equal(await told(closing, {}, { started: true }), undefined);
  await using guarded = await refusing(5, 0x87);
  assert.match(await told(guarded, {}, { started: true }) ?? "", /requires a login/);
});
