import type { ConnectFields } from "../test_client.ts";
import { TestClient } from "../test_client.ts";
import { type Play, type Trial } from "./trial.ts";

/** The answer to a CONNECT of 5.0, without the limits that it announces. */
const answered = (fields: ConnectFields, clientId = "a"): Play => async (port) => {
  await using client = await TestClient.connect(port, clientId, fields, "5.0");
  return client.connack.replace(" {maximumPacketSize=16777216, topicAliasMaximum=16}", "");
};

const login = (userName: string) => ({ userName, password: new TextEncoder().encode("wrong") });

const password = (defect: string, play: Play): Trial => ({
  defect,
  play,
  quirks: ["wants-password"],
  right: "CONNACK 0x86",
  wrong: "CONNACK 0",
});

export const PASSWORD_TRIALS: readonly Trial[] = [
  password("password-not-compared", answered(login("attest"))),
  password("anonymous-accepted", answered({})),
  password("unknown-user-accepted", answered(login("other"))),
];

const SENT_AWAY = '{serverReference="127.0.0.1:1884 [::1]:1884"}';

const moved = (defect: string, wrong: string): Trial => ({
  defect,
  play: answered({}, "attest-moved"),
  quirks: ["redirects"],
  right: `CONNACK 0x9d ${SENT_AWAY}`,
  wrong,
});

export const REDIRECTION_TRIALS: readonly Trial[] = [
  moved("redirected-by-another-code", `CONNACK 0x88 ${SENT_AWAY}`),
  moved("redirected-but-accepted", `CONNACK 0 ${SENT_AWAY}`),
  moved(
    "redirected-with-its-session",
    `CONNACK 0x9d session-present ${SENT_AWAY} !session-present-with-error`,
  ),
];
