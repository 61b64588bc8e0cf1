import assert from "node:assert/strict";
import { TransportError } from "../../transport/error.ts";
import { reasonOf } from "./reasons.ts";

Deno.test("errors of one kind have one reason, whichever library throws them", () => {
  const cases: readonly (readonly [error: Error, reason: string])[] = [
    [new Deno.errors.ConnectionRefused("x"), "refused"],
    [new Error("connect ECONNREFUSED: refused"), "refused"],
    [new Deno.errors.ConnectionReset("x"), "reset"],
    [new Deno.errors.BrokenPipe("x"), "reset"],
    [new Error("read: connection reset by peer"), "reset"],
    [new Deno.errors.TimedOut("x"), "timed out"],
    [new Deno.errors.AddrNotAvailable("x"), "no free port"],
    [new Error("connect EADDRNOTAVAIL 127.0.0.1"), "no free port"],
    [new Error("Too many open files (os error 24)"), "no free descriptor"],
    [new Error("Network is unreachable"), "unreachable"],
  ];
  for (const [error, reason] of cases) assert.equal(reasonOf(error), reason, error.message);
});

Deno.test("any other error is its own reason, cut to 80 characters", () => {
  assert.equal(reasonOf(new Error("x".repeat(200))), "x".repeat(80));
});

Deno.test("a refused certificate is reported with the client that has it, if each client has its own", () => {
  const denied = new TransportError("denied", "127.0.0.1:1 does not accept the client certificate");
  assert.equal(reasonOf(denied, "device-3\n"), "the certificate of device-3\\n is refused");
  assert.equal(reasonOf(denied), "127.0.0.1:1 does not accept the client certificate");
});
