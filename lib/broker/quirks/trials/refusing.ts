import { publish } from "../../trials/trial.ts";
import { type QuirkTrial, sends5, subscribe, trial, verdict } from "./trial.ts";

const user = { userName: "someone" };
const sys = publish("$SYS/x", "", 1);
const alias = publish("", "", 0, { properties: [{ name: "topicAlias", value: 9 }] });

export const REFUSAL_TRIALS: readonly QuirkTrial[] = [
  trial("user-names-refused", verdict(user, "5.0"), "CONNACK 0", "CONNACK 0x86"),
  trial("user-names-refused", verdict(user, "3.1.1"), "CONNACK 0", "CONNACK 4"),
  trial("user-names-not-authorized", verdict(user, "5.0"), "CONNACK 0", "CONNACK 0x87"),
  trial("user-names-not-authorized", verdict(user, "3.1.1"), "CONNACK 0", "CONNACK 5"),
  trial("sys-messages-not-authorized", sends5(sys), "PUBACK id=7, PINGRESP", "PUBACK id=7 0x87, PINGRESP"),
  trial("sys-messages-unspecified", sends5(sys), "PUBACK id=7, PINGRESP", "PUBACK id=7 0x80, PINGRESP"),
  trial("sys-messages-end-the-connection", sends5(sys), "PUBACK id=7, PINGRESP", "DISCONNECT 0x87"),
  trial(
    "sys-filters-invalid",
    sends5(subscribe({ filter: "$SYS/none" })),
    "SUBACK id=1 0, PINGRESP",
    "SUBACK id=1 0x8f, PINGRESP",
  ),
  {
    ...trial(
      "filters-refused-unspecified",
      sends5(subscribe({ filter: "$SYS/none" })),
      "SUBACK id=1 0x87, PINGRESP",
      "SUBACK id=1 0x80, PINGRESP",
    ),
    beside: ["sys-filters-refused"],
  },
  {
    ...trial(
      "filters-refused-implementation-specific",
      sends5(subscribe({ filter: "$SYS/none" })),
      "SUBACK id=1 0x87, PINGRESP",
      "SUBACK id=1 0x83, PINGRESP",
    ),
    beside: ["sys-filters-refused"],
  },
  trial(
    "shares-refused-in-suback",
    sends5(subscribe({ filter: "$share//t" })),
    "DISCONNECT 0x81",
    "SUBACK id=1 0x8f, PINGRESP",
  ),
  trial(
    "shares-refused-in-suback",
    sends5(subscribe({ filter: "$share/g/" }, { filter: "$share/g/t" })),
    "DISCONNECT 0x81",
    "SUBACK id=1 0x8f 0, PINGRESP",
  ),
  trial("alias-errors-ignored", sends5(alias), "DISCONNECT 0x82", "PINGRESP"),
];
