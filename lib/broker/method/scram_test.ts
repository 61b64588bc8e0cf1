import assert from "node:assert/strict";
import { Authentication } from "../authentication.ts";
import { defective } from "../defects.ts";
import { quirked } from "../quirks.ts";
import { RIGHT } from "../right.ts";
import { type AuthFault, utf8 } from "./method.ts";
import { ScramServer, storedUser } from "./scram.ts";

/** The examples of RFC 5802, section 5, and RFC 7677, section 3, from the server's end. */
const EXAMPLES = [
  {
    hash: "sha1",
    salt: "QSXCR+Q6sek8bf92",
    nonce: "3rfcNHYJY1ZVvWVs7j",
    first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    ask: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    final: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    success: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    hash: "sha256",
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    ask: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    final:
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    success: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
] as const;
type Example = (typeof EXAMPLES)[number];

const passing = (...faults: readonly AuthFault[]) => ({
  passes: (fault: AuthFault) => faults.includes(fault),
  asksUnknownUsers: true,
});

function server({ hash, salt, nonce }: Example, manner = passing()): ScramServer {
  const user = storedUser(hash, "pencil", Uint8Array.fromBase64(salt), 4096);
  return new ScramServer(hash, (name) => name === "user" ? user : undefined, nonce, manner);
}

const told = (step: ReturnType<ScramServer["take"]>) =>
  step.kind === "failed" ? "failed" : `${step.kind} ${step.data && new TextDecoder().decode(step.data)}`;

for (const example of EXAMPLES) {
  Deno.test(`a server of ${example.hash} answers the example of its RFC, byte for byte`, () => {
    const one = server(example);
    assert.equal(told(one.take(utf8(example.first))), `ask ${example.ask}`);
    assert.equal(told(one.take(utf8(example.final))), `success ${example.success}`);
  });
}

Deno.test("a server refuses each wrong last message, and accepts those with a fault that it ignores", () => {
  const [, example] = EXAMPLES;
  const { final } = example;
  const wrong: readonly (readonly [AuthFault, string | undefined])[] = [
    ["empty", undefined],
    ["empty", ""],
    ["form", "c=biws"],
    ["form", final.replace("biws", "eSws")],
    ["cut", final.slice(0, -4)],
    ["proof", final.replace("p=d", "p=e")],
    // The nonce was changed in transit, so the proof does not match it.
    ["proof", final.replace("$k0,", "$k1,")],
  ];
  for (const [fault, message] of wrong) {
    const outcome = (manner: ReturnType<typeof passing>) => {
      const one = server(example, manner);
      one.take(utf8(example.first));
      return one.take(message === undefined ? undefined : utf8(message)).kind;
    };
    assert.equal(outcome(passing()), "failed", message);
    assert.equal(outcome(passing(fault)), "success", message);
  }
});

Deno.test("an invalid first message is refused, and an unknown user goes through the exchange", () => {
  const [example] = EXAMPLES;
  for (const first of ["", "n,,n=user", "p=tls-unique,,n=user,r=x", "n,,r=x,n=user"]) {
    assert.equal(server(example).take(utf8(first)).kind, "failed");
  }
  const unknown = server(example);
  assert.match(told(unknown.take(utf8("n,,n=other,r=x"))), /^ask r=x3rfc.*,s=bm9ib2R5,i=4096$/);
  assert.equal(unknown.take(utf8(example.final)).kind, "failed");
  const lax = server(example, passing("user"));
  lax.take(utf8("n,,n=other,r=x"));
  assert.equal(lax.take(utf8("c=biws,r=x,p=AAAA")).kind, "success");
  const atOnce = server(example, { passes: () => false, asksUnknownUsers: false });
  assert.equal(atOnce.take(utf8("n,,n=other,r=x")).kind, "failed");
});

Deno.test("the defects of SCRAM ignore the faults that they name", () => {
  const faults: readonly AuthFault[] = ["first", "user", "empty", "cut", "nonce", "proof", "form"];
  const passed = (ids: readonly string[]) => faults.filter((fault) => defective(ids).passesFault(fault));
  assert.deepEqual(passed([]), []);
  assert.deepEqual(passed(["auth-nonce-unchecked"]), ["nonce"]);
  assert.deepEqual(passed(["auth-unknown-user-taken"]), ["user"]);
});

Deno.test("the last data of a server can be sent before the success", () => {
  const [example] = EXAMPLES;
  const method = { name: "m", begin: () => server(example) };
  const properties = (text?: string) => [
    { name: "authenticationMethod", value: "m" },
    ...(text === undefined ? [] : [{ name: "authenticationData", value: utf8(text) }]),
  ];
  const auth = (text?: string) => ({ type: "AUTH", reason: 0x18, properties: properties(text) } as const);
  const dataIn = (step: ReturnType<Authentication["take"]>) => {
    const found = step.kind === "ask" ? step.packet : step;
    const all = "properties" in found ? found.properties ?? [] : [];
    const data = all.find(({ name }) => name === "authenticationData")?.value;
    return [step.kind, data instanceof Uint8Array ? new TextDecoder().decode(data) : data];
  };
  const usual = new Authentication(method, RIGHT);
  usual.begin(properties(example.first));
  assert.deepEqual(dataIn(usual.take(auth(example.final))), ["authenticated", example.success]);
  const first = new Authentication(method, quirked(["auth-success-data-first"]));
  first.begin(properties(example.first));
  assert.deepEqual(dataIn(first.take(auth(example.final))), ["ask", example.success]);
  assert.deepEqual(dataIn(first.take(auth())), ["authenticated", undefined]);
});
