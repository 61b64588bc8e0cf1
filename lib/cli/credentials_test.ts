import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

const USER = "the-users-own-name";
const PASSWORD = "correct-horse-battery";

function targetText(credentials: string): string {
  return `target: guarded
title: A broker that wants a password
tests: broker
start: { embedded: reference-broker }
credentials: ${credentials}
protocols: ["3.1.1", "5.0"]
supports: [qos1, qos2, retained, wills, sessions, wildcards]
`;
}

Deno.test("user name and password are in no output, journal or report, neither as text nor as bytes", async () => {
  await using folder = new TestFolder();
  folder.write("secret", `${PASSWORD}\n`);
  const target = folder.write(
    "target.yaml",
    targetText(`{ userName: { text: ${USER} }, password: { file: secret } }`),
  );
  const out = `${folder.path}/out`;
  const formats = "html,junit,json,tap,markdown,pcapng";
  const run = await said("conform", "mqtt/ping", "--target", target, "--out", out, "--format", formats);
  assert.equal(run.status, 0, run.out);
  const written = folder.names("out").map((name) => Deno.readFileSync(`${out}/${name}`));
  const texts = [run.out, run.err, ...written.map((bytes) => new TextDecoder("latin1").decode(bytes))];
  for (const secret of [USER, PASSWORD]) {
    const hex = new TextEncoder().encode(secret).toHex();
    for (const text of texts) {
      assert.equal(text.includes(secret), false, secret);
      assert.equal(text.toLowerCase().includes(hex), false, secret);
    }
  }
  // They were sent, as asterisks of the same length show.
  const journal = folder.read("out/journal.ndjson");
  assert.ok(journal.includes("*".repeat(PASSWORD.length)) || journal.includes("2a".repeat(PASSWORD.length)));
});

Deno.test("a missing secret is reported with the place where it should be", async () => {
  await using folder = new TestFolder();
  const out = `${folder.path}/out`;
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      "{ password: { file: nowhere } }",
      /cannot read the password from ".*\/nowhere": there is no such file \(.*:\d+:\d+\)/,
    ],
    [
      "{ userName: { env: ATTEST_NO_SUCH_NAME } }",
      /reads the user name from the environment variable ATTEST_NO_SUCH_NAME, which is not set \(.*:\d+:\d+\)/,
    ],
  ];
  for (const [credentials, sentence] of cases) {
    const target = folder.write("target.yaml", targetText(credentials));
    const run = await said("conform", "mqtt/ping", "--target", target, "--out", out);
    assert.equal(run.status, 3, credentials);
    assert.match(run.out + run.err, sentence);
  }
  const wrong = folder.write("target.yaml", targetText("{ password: { env: HOME } }"));
  const run = await said("conform", "mqtt/ping", "--target", wrong, "--out", out);
  assert.equal(run.status, 2);
  assert.match(run.err, /expected a variable whose name begins with ATTEST_, found "HOME"/);
});
