import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { answering, broker, dead, type FarEnd, full, server } from "../target/preflight/test_far_ends.ts";
import { said } from "./test_screen.ts";

/** A peer, further arguments, and the sentence with which each command ends. */
interface Row {
  readonly kind: string;
  readonly farEnd: () => FarEnd | Promise<FarEnd>;
  readonly scheme?: "mqtts";
  readonly user?: true;
  readonly sentence: RegExp;
}

const login = () =>
  broker({
    alter: { connect: (_, { userName }) => ({ kind: "refuse", reason: userName === undefined ? 5 : 4 }) },
  });

const TABLE: readonly Row[] = [
  {
    kind: "login wanted",
    farEnd: login,
    sentence: /requires a login: .* give --user NAME and --password-file FILE/,
  },
  {
    kind: "wrong password",
    farEnd: login,
    user: true,
    sentence: /refuses this user name or password: .* check --user/,
  },
  {
    kind: "HTTP",
    farEnd: () => answering("HTTP/1.1 400 Bad Request\r\n\r\n"),
    sentence:
      /speaks HTTP instead of MQTT: it answers "HTTP\/1\.1 400 Bad Request"; .* ws:\/\/127\.0\.0\.1:\d+\/mqtt/,
  },
  {
    kind: "TLS at mqtt://",
    farEnd: () => broker({}, true),
    sentence: /speaks TLS, .*; write mqtts:\/\/127\.0\.0\.1:\d+/,
  },
  {
    kind: "plain MQTT at mqtts://",
    farEnd: () => broker({}),
    scheme: "mqtts",
    sentence: /speaks MQTT without TLS, .*; write mqtt:\/\/127\.0\.0\.1:\d+/,
  },
  {
    kind: "certificate",
    farEnd: () => broker({}, true),
    scheme: "mqtts",
    sentence: /name its authority with --ca FILE or .*, or accept any certificate with --insecure/,
  },
  { kind: "dead port", farEnd: dead, sentence: /refused the connection; check that a program listens there/ },
  {
    kind: "black hole",
    farEnd: () => server(() => {}),
    sentence: /does not answer a CONNECT within 5 s; check the port/,
  },
  {
    kind: "no connection",
    farEnd: full,
    sentence: /No response from 127\.0\.0\.1:\d+ within 5 s; check the address/,
  },
  {
    kind: "closes at once",
    farEnd: () => server((connection) => connection.close()),
    sentence: /closes it without answering a CONNECT; check the port/,
  },
  {
    kind: "no MQTT",
    farEnd: () => answering("SSH-2.0-x\r\n"),
    sentence: /bytes that are not MQTT: "SSH-2\.0-x"; check host and port/,
  },
];

const COMMANDS: readonly (readonly string[])[] = [
  ["conform", "mqtt/ping"],
  ["load", "connection-basic"],
  ["probe"],
];

const PASSWORD = "correct-horse-battery";

for (const { kind, farEnd, scheme = "mqtt", user, sentence } of TABLE) {
  Deno.test(`conform, load and probe describe the peer in one sentence: ${kind}`, async () => {
    await using folder = new TestFolder();
    await using there = await farEnd();
    const secret = folder.write("password", `${PASSWORD}\n`);
    const access = user ? ["--user", "alice", "--password-file", secret] : [];
    await Promise.all(COMMANDS.map(async ([command = "", ...words]) => {
      const out = `${folder.path}/${command}`;
      const target = `${scheme}://127.0.0.1:${there.port}`;
      const begin = performance.now();
      const { status, out: printed, err } = await said(
        ...[command, ...words, "--target", target, ...access, "--out", out],
        ...(command === "probe" ? [] : ["--format", "junit,tap,markdown"]),
      );
      const text = printed + err;
      if (Deno.env.get("ATTEST_SHOW_TIMES")) {
        console.log(
          `${kind} | ${command} | ${status} | ${((performance.now() - begin) / 1000).toFixed(1)} s`,
        );
      }
      assert.equal(status, 3, text);
      assert.match(text, sentence);
      assert.equal(text.split("\n").filter((line) => sentence.test(line)).length, 1, text);
      assert.ok(!text.includes(PASSWORD));
      if (command === "probe") return;
      assert.match(folder.read(`${command}/junit.xml`), /errors="1"/);
      assert.equal(folder.read(`${command}/junit.xml`).match(/<error /g)?.length, 1);
      assert.match(folder.read(`${command}/result.tap`), /^Bail out! /m);
      assert.match(folder.read(`${command}/report.md`).replaceAll("\\", ""), /\*\*.*127\.0\.0\.1/);
    }));
  });
}
