import { type QuirkTrial, trial, verdict } from "./trial.ts";

const login = (userName: string, password: string) => ({
  userName,
  password: new TextEncoder().encode(password),
});

export const PASSWORD_TRIALS: readonly QuirkTrial[] = [
  trial("wants-password", verdict({}, "3.1.1"), "CONNACK 0", "CONNACK 4"),
  trial("wants-password", verdict(login("attest", "wrong"), "5.0"), "CONNACK 0", "CONNACK 0x86"),
  trial(
    "wants-password",
    async (port) => {
      const right = await verdict(login("attest", "reference broker"), "5.0")(port);
      return `${right}, ${await verdict(login("attes", "reference broker"), "5.0")(port)}`;
    },
    "CONNACK 0, CONNACK 0",
    "CONNACK 0, CONNACK 0x86",
  ),
  {
    ...trial("passwords-not-authorized", verdict({}, "5.0"), "CONNACK 0x86", "CONNACK 0x87"),
    beside: ["wants-password"],
  },
];
