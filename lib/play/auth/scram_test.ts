import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { AuthProblem } from "./exchange.ts";
import { saslprep } from "./saslprep.ts";
import { ScramExchange, scramProof } from "./scram.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array | undefined) => data && new TextDecoder().decode(data);

/** The examples of RFC 5802, section 5, and RFC 7677, section 3. */
const EXAMPLES = [
  {
    method: "SCRAM-SHA-1",
    nonce: "fyko+d2lbbFgONRv9qkxdawL",
    first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    challenge: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    answer: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    success: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    method: "SCRAM-SHA-256",
    nonce: "rOprNGfwEbeRWgbNEkqO",
    first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    challenge: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    answer:
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    success: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
] as const;

const begun = ({ method, nonce }: { method: "SCRAM-SHA-1" | "SCRAM-SHA-256"; nonce: string }) =>
  new ScramExchange({ kind: "scram", method, userName: "user", password: "pencil" }, nonce);

for (const example of EXAMPLES) {
  Deno.test(`the example of ${example.method} in its RFC comes out, byte for byte`, async () => {
    const exchange = begun(example);
    assert.equal(text(exchange.first()), example.first);
    assert.equal(exchange.lastNext, true);
    assert.equal(text(await exchange.answer(utf8(example.challenge))), example.answer);
    assert.equal(exchange.lastNext, false);
    exchange.success(utf8(example.success));
  });

  Deno.test(`a server of ${example.method} that does not know the password is found out`, async () => {
    const exchange = begun(example);
    await exchange.answer(utf8(example.challenge));
    const other = example.success.replace(/^v=./, (found) => found === "v=A" ? "v=B" : "v=A");
    assert.throws(() => exchange.success(utf8(other)), /signature in the packet that reports success is not/);
    assert.throws(
      () => exchange.success(undefined),
      /no Authentication Data in the packet that reports success/,
    );
    assert.throws(
      () => exchange.success(utf8("e=invalid-proof")),
      /expected the server's signature.*invalid-proof/,
    );
    assert.throws(() => begun(example).success(utf8(example.success)), /before the server has asked/);
  });
}

Deno.test("a server may send its signature in an AUTH before the success, which then has no data", async () => {
  const [example] = EXAMPLES;
  const exchange = begun(example);
  await exchange.answer(utf8(example.challenge));
  assert.equal(await exchange.answer(utf8(example.success)), undefined);
  exchange.success(undefined);
});

/** Python's pbkdf2_hmac and hmac as an independent implementation. */
const PYTHON = `
import hashlib, hmac, base64, sys
name, password, salt, rounds, message = sys.argv[1:]
salted = hashlib.pbkdf2_hmac(name, password.encode(), bytes.fromhex(salt), int(rounds))
mac = lambda key, data: hmac.new(key, data, name).digest()
client = mac(salted, b"Client Key")
signature = mac(hashlib.new(name, client).digest(), message.encode())
print(base64.b64encode(bytes(a ^ b for a, b in zip(client, signature))).decode())
print(base64.b64encode(mac(mac(salted, b"Server Key"), message.encode())).decode())
`;

Deno.test("proof and signature are those that Python computes", async (t) => {
  const python = await new Deno.Command("python3", { args: ["--version"] }).output().catch(() => undefined);
  for (
    const [hash, password, salt, rounds, message] of [
      ["SHA-1", "pencil", "4125c247e43ab1e93c6dff76", 4096, "n=a,r=b,r=bc,s=QQ==,i=4096,c=biws,r=bc"],
      ["SHA-256", "pässwörd, with = and 😀", "00", 1, "n=user,r=x"],
      ["SHA-256", "x".repeat(200), "ff".repeat(64), 777, "a,b,c"],
    ] as const
  ) {
    const bytes = Uint8Array.fromHex(salt);
    await t.step({
      name: `${hash}, ${rounds} rounds`,
      ignore: !python?.success,
      async fn() {
        const args = [
          "-c",
          PYTHON,
          hash.replace("-", "").toLowerCase(),
          password,
          salt,
          String(rounds),
          message,
        ];
        const { stdout } = await new Deno.Command("python3", { args }).output();
        const { proof, signature } = await scramProof(hash, password, bytes, rounds, message);
        assert.deepEqual([proof, signature], new TextDecoder().decode(stdout).trim().split("\n"));
      },
    });
  }
});

Deno.test("each wrong message is wrong in its own way, and in nothing else", async () => {
  const [, example] = EXAMPLES;
  const wrong = async (way: Parameters<ScramExchange["wrong"]>[0]) => {
    const exchange = begun(example);
    const first = exchange.isOfFirst(way) ? await exchange.wrong(way, exchange.first()) : undefined;
    if (first) return { data: text(first.data), next: text(await exchange.answer(utf8(example.challenge))) };
    const right = await exchange.answer(utf8(example.challenge));
    const last = await exchange.wrong(way, right);
    return { data: last && text(last.data), next: undefined };
  };
  assert.equal((await wrong("first")).data, "n,,n=user");
  assert.equal((await wrong("user")).data, "n,,n=attest-nobody,r=rOprNGfwEbeRWgbNEkqO");
  assert.notEqual((await wrong("user")).next, example.answer);
  const { data: proof } = await wrong("answer");
  assert.match(proof ?? "", /^c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj\)hNlF\$k0,p=[^d].{42}=$/);
  const { data: nonce } = await wrong("nonce");
  assert.match(nonce ?? "", /^c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj\)hNlF\$kA,p=/);
  assert.equal((await wrong("cut")).data, example.answer.slice(0, -4));
  assert.equal((await wrong("empty")).data, "");
  assert.equal((await wrong("none")).data, undefined);
});

Deno.test("a wrong nonce comes with the proof that is right over it", async () => {
  const [, example] = EXAMPLES;
  const exchange = begun(example);
  const right = await exchange.answer(utf8(example.challenge));
  const wrong = text((await exchange.wrong("nonce", right))?.data) ?? "";
  const [, without = "", proof = ""] = /^(.*),p=(.*)$/.exec(wrong) ?? [];
  // Computed like a server: the proof without the signature has the hash that the server stores.
  const salted = hi("pencil", Uint8Array.fromBase64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  const stored = createHash("sha256").update(clientKey).digest();
  const message = `${example.first.slice(3)},${example.challenge},${without}`;
  const signature = createHmac("sha256", stored).update(message).digest();
  assert.deepEqual(
    Uint8Array.fromBase64(proof).map((byte, at) => byte ^ (signature[at] ?? 0)).toHex(),
    clientKey.toString("hex"),
  );
});

/** Hi() of RFC 5802, written out. */
function hi(password: string, salt: Uint8Array, rounds: number): Uint8Array {
  let last: Uint8Array = createHmac("sha256", password).update(salt).update(Uint8Array.of(0, 0, 0, 1))
    .digest();
  let sum = Uint8Array.from(last);
  for (let at = 1; at < rounds; at++) {
    last = createHmac("sha256", password).update(last).digest();
    sum = sum.map((byte, index) => byte ^ (last[index] ?? 0));
  }
  return sum;
}

for (
  const [challenge, message] of [
    [undefined, /no Authentication Data; expected the server's first message/],
    [Uint8Array.of(0xff), /not UTF-8/],
    [utf8("r=other,s=QQ==,i=1"), /nonce does not extend the client's nonce/],
    [utf8("r=abc,s=QQ==,i=1"), /nonce does not extend the client's nonce/],
    [utf8("r=abcd,s=!,i=1"), /expected the server's first message, r=…,s=…,i=…, found/],
    [utf8("r=abcd,s=QQ=,i=1"), /is not base64/],
    [utf8("r=abcd,s=QQ==,i=0"), /expected the server's first message/],
    [utf8("m=x,r=abcd,s=QQ==,i=1"), /expected the server's first message/],
    [
      utf8("r=abcd,s=QQ==,i=2000000000"),
      /requires 2000000000 rounds of PBKDF2; attest computes at most 1000000/,
    ],
  ] as const
) {
  Deno.test(`a server's first message is refused: ${message.source}`, async () => {
    const exchange = begun({ method: "SCRAM-SHA-1", nonce: "abc" });
    await assert.rejects(() => exchange.answer(challenge), (error) => {
      assert.ok(error instanceof AuthProblem);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("a user name is prepared and escaped", () => {
  const named = (userName: string) =>
    text(new ScramExchange({ kind: "scram", method: "SCRAM-SHA-1", userName, password: "p" }, "x").first());
  assert.equal(named("a=b,c"), "n,,n=a=3Db=2Cc,r=x");
  assert.equal(named("Ⅸ"), "n,,n=IX,r=x");
  assert.throws(
    () => named("a\u0007"),
    /the user name of auth: is empty or contains a character that RFC 4013 forbids/,
  );
});

Deno.test("saslprep() does what the examples of RFC 4013 say", () => {
  const examples = [
    ["I\u00adX", "IX"],
    ["user", "user"],
    ["USER", "USER"],
    ["\u00aa", "a"],
    ["\u2168", "IX"],
    ["a\u00a0b", "a b"],
  ];
  for (const [given = "", prepared] of examples) assert.equal(saslprep(given), prepared);
  assert.equal(saslprep("\u0007"), undefined);
  assert.equal(saslprep("\ue000"), undefined);
});
