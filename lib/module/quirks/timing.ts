import type { ModuleQuirk } from "./quirk.ts";

const FIVE_SECONDS = "The manual allows 5 s for an answer [ECMT-AT-40, ECMT-AT-41]";

/** Quirks of timing: slow responses, slow results, a slow network. */
export const TIMING_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "final-late",
    about: "Every final result comes 300 ms after its command",
    lawful: FIVE_SECONDS,
    behaviour: { finalDelayMs: 300 },
  },
  {
    id: "open-ok-late",
    about: "The OK of OPEN comes after 1.2 s",
    lawful: "The first OPEN starts a task, which takes about 1 s [ECMT-OPEN-W8]",
    behaviour: { openDelayMs: 1_200 },
  },
  {
    id: "information-early",
    about: "Information lines come 200 ms before their final result",
    lawful: FIVE_SECONDS,
    behaviour: { informationGapMs: 200 },
  },
  {
    id: "prompt-late",
    about: "The prompt comes after 500 ms",
    lawful: FIVE_SECONDS,
    behaviour: { promptDelayMs: 500 },
  },
  {
    id: "results-late",
    about: "The results of OPEN, CONN, SUB, UNS, PUB, DISC and CLOSE are 1 s late",
    lawful: "No time limit is set for a result [ECMT-AT-42]",
    behaviour: { resultDelayMs: 1_000 },
  },
  {
    id: "unsolicited-late",
    about: "Received messages and lost connections are reported 500 ms late",
    lawful: "No time limit is set for an unsolicited result",
    behaviour: { unsolicitedDelayMs: 500 },
  },
  {
    id: "reconnect-late",
    about: "The module starts to reconnect 3 s after it lost the connection",
    lawful: "No time limit is set for it [ECMT-S-3]",
    commands: "ECMT",
    behaviour: { reconnectDelaysMs: [3_000, 3_000, 3_000] },
  },
  {
    id: "registers-late",
    about: "The module searches for its network for 2 s after power-on, and AT+CEREG? shows it",
    lawful: "A radio module needs time to register",
    behaviour: { registersAfterMs: 2_000 },
  },
  {
    id: "round-trip-50ms",
    about: "The round trip to the broker takes 50 ms",
    lawful: "A good LTE connection has such a round trip",
    behaviour: { roundTripMs: 50 },
  },
  {
    id: "round-trip-1500ms",
    about: "The round trip to the broker takes 1.5 s",
    lawful: "NB-IoT takes this long or longer with bad coverage",
    behaviour: { roundTripMs: 1_500 },
    claims: { values: { answerTime: 5 } },
  },
];
