import assert from "node:assert/strict";
import { grantFlags } from "./grants.ts";

const HOME = "/opt/attest";

Deno.test("grantFlags() reads the user's folder and the package's, and writes the user's only", () => {
  assert.deepEqual(grantFlags({ read: [".", "/tmp"], write: [".", "/tmp"] }, HOME), [
    "--allow-read=.,/opt/attest,/tmp",
    "--allow-write=.,/tmp",
  ]);
});

Deno.test("grantFlags() takes any other relative path as one of the package", () => {
  assert.deepEqual(grantFlags({ write: ["docs/schema"] }, HOME), [
    "--allow-write=/opt/attest/docs/schema",
  ]);
});

Deno.test("grantFlags() grants nothing for a kind that is false or empty", () => {
  assert.deepEqual(grantFlags({ net: false, run: [], read: true }, HOME), ["--allow-read"]);
});

Deno.test("grantFlags() separates what is allowed, denied and ignored", () => {
  const env = { allow: ["CI", "ATTEST_*"], deny: ["HOME"], ignore: true };
  assert.deepEqual(grantFlags({ env }, HOME), [
    "--allow-env=CI,ATTEST_*",
    "--deny-env=HOME",
    "--ignore-env",
  ]);
});

Deno.test("grantFlags() refuses a folder with a comma, for which a flag has no form", () => {
  assert.throws(() => grantFlags({ read: ["."] }, "/home/a,b"), /"\/home\/a,b" has a comma/);
  assert.deepEqual(grantFlags({ write: ["."], read: true }, "/home/a,b"), [
    "--allow-write=.",
    "--allow-read",
  ]);
});

Deno.test("grantFlags() adds programs to those of the set", () => {
  assert.deepEqual(grantFlags({ run: ["deno"] }, HOME, ["mybroker"]), ["--allow-run=deno,mybroker"]);
  assert.deepEqual(grantFlags({ read: true }, HOME, ["mybroker"]), [
    "--allow-read",
    "--allow-run=mybroker",
  ]);
  assert.deepEqual(grantFlags({ run: true }, HOME, ["mybroker"]), ["--allow-run"]);
});

Deno.test("grantFlags() finds programs of a set that have a path in the package, and leaves the user's as they are", () => {
  assert.deepEqual(grantFlags({ run: ["deno", "adapters/own/adapter"] }, "/opt/attest", ["./mine"]), [
    "--allow-run=deno,/opt/attest/adapters/own/adapter,./mine",
  ]);
});
