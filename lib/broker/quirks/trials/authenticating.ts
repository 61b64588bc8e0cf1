import type { Property } from "../../../mqtt/packet.ts";
import { connectPacket, TestClient } from "../../test_client.ts";
import type { Play } from "../../trials/trial.ts";
import { publish } from "../../trials/trial.ts";
import { type QuirkTrial, subscribe, trial } from "./trial.ts";

const dataOf = (text: string): Property => ({
  name: "authenticationData",
  value: new TextEncoder().encode(text),
});

/** Returns what a client gets that begins with this method and data, and then gives these answers, one after the other. */
const answering =
  (method: string, first: string | undefined, ...answers: readonly (string | undefined)[]): Play =>
  async (port) => {
    const named: Property = { name: "authenticationMethod", value: method };
    const properties = (data: string | undefined) => data === undefined ? [named] : [named, dataOf(data)];
    await using client = await TestClient.open(port, "5.0");
    await client.send(connectPacket("5.0", { clientId: "a", properties: properties(first) }));
    const came = [await client.next()];
    for (const data of answers) {
      if (came.at(-1) === "closed") break;
      await client.send({ type: "AUTH", reason: 0x18, properties: properties(data) });
      came.push(await client.next());
    }
    return came.map((one) => one.replace(/maximum[^ ]*, topic[^ ]*=16,? ?/, "").replace(/r=[^"]*"…/, "r=…"))
      .join(", ");
  };

/** Returns what a client gets that subscribes, starts to re-authenticate, publishes, and continues. */
const meanwhile: Play = async (port) => {
  const named: Property = { name: "authenticationMethod", value: "x-attest-pair" };
  await using client = await TestClient.open(port, "5.0");
  await client.send(connectPacket("5.0", { clientId: "a", properties: [named] }));
  await client.next();
  const right = { type: "AUTH", reason: 0x18, properties: [named, dataOf("pong")] } as const;
  const again = { type: "AUTH", reason: 0x19, properties: [named] } as const;
  await client.send(right, subscribe({ filter: "t" }), again, publish("t", "p"), right, { type: "PINGREQ" });
  return (await client.leave()).replace(/^.*SUBACK/, "SUBACK");
};

const PAIR = 'AUTH 0x18 {authenticationMethod="x-attest-pair", authenticationData="ping"}';
const BESIDE = ["authenticates"];
const beside = (...args: Parameters<typeof trial>): QuirkTrial => ({ ...trial(...args), beside: BESIDE });

export const AUTHENTICATION_TRIALS: readonly QuirkTrial[] = [
  trial(
    "authenticates",
    answering("x-attest-pair", undefined, "pong"),
    "CONNACK 0x8c, closed",
    `${PAIR}, CONNACK 0 {authenticationMethod="x-attest-pair"}`,
  ),
  beside(
    "auth-failed-bad-password",
    answering("x-attest-pair", undefined, "no"),
    `${PAIR}, CONNACK 0x87`,
    `${PAIR}, CONNACK 0x86`,
  ),
  beside(
    "auth-failed-unspecified",
    answering("x-attest-pair", undefined, "no"),
    `${PAIR}, CONNACK 0x87`,
    `${PAIR}, CONNACK 0x80`,
  ),
  beside(
    "auth-unknown-user-at-once",
    answering("SCRAM-SHA-1", "n,,n=nobody,r=x"),
    'AUTH 0x18 {authenticationMethod="SCRAM-SHA-1", authenticationData="r=… (45 bytes)}',
    "CONNACK 0x87",
  ),
  beside(
    "re-auth-holds-messages",
    meanwhile,
    `SUBACK id=1 0, ${PAIR}, PUBLISH q0 "t" "p", AUTH {authenticationMethod="x-attest-pair"}, PINGRESP`,
    `SUBACK id=1 0, ${PAIR}, AUTH {authenticationMethod="x-attest-pair"}, PUBLISH q0 "t" "p", PINGRESP`,
  ),
];
