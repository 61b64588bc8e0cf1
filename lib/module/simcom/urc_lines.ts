import type { ModuleBehaviour } from "../behaviour.ts";
import type { Urc } from "../hooks.ts";

/** The err codes of SIMCom's results. */
const ERR = { failed: 1, notOpened: 3, timeout: 17, disconnect: 35 } as const;
/** A CONNACK code of 1 to 5 is shown as this and the code. */
const REFUSED = 26;

/** Returns the lines that SIMCom's modules print for a result; undefined for one that is not about MQTT. */
export function cmqttLines(urc: Urc, behaviour: ModuleBehaviour): readonly string[] | undefined {
  const { name, fields } = urc;
  const line = (named: string, ...rest: readonly (number | string)[]) =>
    `+CMQTT${named}${behaviour.spaceAfterColon ? ": " : ":"}${rest.join(",")}`;
  const [id = 0, first, second, third] = fields;
  switch (name) {
    case "ECMTOPEN":
      // The connection is opened for CONNECT, whose result reports the outcome.
      return first === 0 ? [] : [line("CONNECT", id, ERR.notOpened)];
    case "ECMTCONN":
      if (first === 0 && second === 0) return [line("CONNECT", id, 0)];
      return [line("CONNECT", id, first === 2 ? Number(second) : REFUSED + Number(second))];
    case "ECMTDISC":
    case "ECMTCLOSE":
      return [line("DISC", id, first === 0 ? 0 : ERR.disconnect)];
    case "ECMTSUB":
    case "ECMTUNS":
    case "ECMTPUB": {
      const named = { ECMTSUB: "SUB", ECMTUNS: "UNSUB", ECMTPUB: "PUB" }[name];
      const refused = name === "ECMTSUB" && Number(third) >= 128;
      const err = second === 0 ? (refused ? ERR.failed : 0) : second === 2 ? ERR.timeout : ERR.failed;
      return [line(named, id, err)];
    }
    case "ECMTSTAT":
      return [line("CONNLOST", id, first ?? 1)];
    case "ECMTRECV": {
      const topic = String(second).slice(1, -1);
      const payload = String(third);
      const pieces = payload.match(new RegExp(`[^]{1,${behaviour.payloadPiece}}`, "g")) ?? [];
      return [
        line("RXSTART", id, topic.length, payload.length),
        line("RXTOPIC", id, topic.length),
        topic,
        ...pieces.flatMap((piece) => [line("RXPAYLOAD", id, piece.length), piece]),
        line("RXEND", id),
      ];
    }
    default:
      return undefined;
  }
}
