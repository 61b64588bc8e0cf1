import { connack, type QuirkTrial, trial, verdict } from "./trial.ts";

const MOVED = "attest-moved";

export const REDIRECTION_TRIALS: readonly QuirkTrial[] = [
  trial(
    "redirects",
    connack({}, "5.0", MOVED),
    "CONNACK 0 {maximumPacketSize=16777216, topicAliasMaximum=16}",
    'CONNACK 0x9d {serverReference="127.0.0.1:1884 [::1]:1884"}',
  ),
  {
    ...trial(
      "redirects-for-now",
      connack({}, "5.0", MOVED),
      'CONNACK 0x9d {serverReference="127.0.0.1:1884 [::1]:1884"}',
      "CONNACK 0x9c",
    ),
    beside: ["redirects"],
  },
  trial(
    "redirects-for-now",
    async (port) => {
      const older = await verdict({}, "3.1.1", MOVED)(port);
      return `${older}, ${await verdict({}, "5.0", MOVED)(port)}`;
    },
    "CONNACK 0, CONNACK 0",
    "CONNACK 0, CONNACK 0x9c",
  ),
];
