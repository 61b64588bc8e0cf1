import type { ModuleQuirk } from "./quirk.ts";

/** Quirks of responses to commands: what is accepted, what is refused and how, read forms, the prompt. */
export const ANSWER_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "refusal-8600",
    about: "Every refusal has the number 8600, unknown",
    lawful: "The application note lists numbers, but does not say which command gives which",
    commands: "QMT",
    behaviour: { refusal: { code: 8600, text: "unknown" } },
  },
  {
    id: "unset-query-zero",
    about: "The query of an option that was never set shows 0, not its default",
    lawful: "The manual gives the defaults, the vendor's source shows 0",
    commands: "ECMT",
    behaviour: { unsetQuery: "zero" },
  },
  {
    id: "retry-range-from-1",
    about: "The option timeout refuses 0 retries",
    lawful: "The manual allows 0 to 10 retries, the vendor's source 1 to 10 [ECMT-CFG-W14]",
    commands: "ECMT",
    behaviour: { retryRange: [1, 10] },
  },
  {
    id: "empty-will-refused",
    about: "A will message that is an empty text is refused",
    lawful: "The manual allows it, the vendor's source refuses it [ECMT-CFG-W15]",
    commands: "ECMT",
    behaviour: { refusesEmptyWill: true },
  },
  {
    id: "release-assistance",
    about: "PUB accepts the release assistance hint in the tens digit of retain: 10, 11, 20, 21, 30, 31",
    lawful: "The vendor's source accepts it, and a target claims it as a feature [ECMT-PUB-W6]",
    commands: "ECMT",
    behaviour: { retainValues: [0, 1, 10, 11, 20, 21, 30, 31] },
    claims: { supports: ["release-assistance"] },
  },
  {
    id: "id-0-only-at-qos-0",
    about: "PUB at QoS 0 accepts only msgID 0",
    lawful: "The manual allows 0 only for QoS 0 [ECMT-PUB-W3]",
    behaviour: { idZeroOnlyAtQos0: true },
  },
  {
    id: "id-0-chosen-by-module",
    about: "PUB at QoS 1 and 2 with msgID 0 uses an id that the module chooses and reports",
    lawful:
      "Sources disagree on msgID 0 here; MQTT requires only that the packet's id is not 0 [ECMT-PUB-W3, MQTT-2.3.1-1]",
    behaviour: { choosesId: true },
  },
  {
    id: "offline-pub-refused-at-once",
    about: "PUB without a connection is refused without a prompt",
    lawful: "One firmware prompts first; the manual does not say which comes first [ECMT-PUB-W31]",
    commands: "ECMT",
    behaviour: { promptWhenOffline: false },
  },
  {
    id: "offline-pub-prompted",
    about: "PUB without a connection prompts, and is refused after the data",
    lawful: "The application note does not say when the module checks the connection",
    commands: "QMT",
    behaviour: { promptWhenOffline: true },
  },
  {
    id: "bare-prompt",
    about: "The prompt is > without a space after it",
    lawful: "The application note shows only >",
    commands: "QMT",
    change: () => ({ prompt: "\r\n>" }),
  },
  {
    id: "overlong-data-expires",
    about: "Data that is too long gives an error after the data entry timeout, not at its end",
    lawful: "One firmware does so, and the manual does not mention it [ECMT-PUB-W35]",
    commands: "ECMT",
    behaviour: { dataOverflow: "expire" },
  },
  {
    id: "terminator-only-last",
    about: "Ctrl-Z and ESC count only as the last byte of one read",
    lawful:
      "The vendor's source checks only the last byte, so a host types the terminator separately [ECMT-PUB-W33]",
    commands: "ECMT",
    behaviour: { terminatorOnlyLast: true },
  },
  {
    id: "read-form-lists-all",
    about: "AT+QMTCONN? lists all five contexts, with state 1 for those that were not opened",
    lawful: "The application note shows one line and does not say which contexts have one",
    commands: "QMT",
    behaviour: { listsContexts: "all" },
  },
  {
    id: "disc-without-client-refused",
    about: "DISC on a connection without a client is refused",
    lawful: "OK and a result of -1 appear only in the source of one firmware [ECMT-DISC-W4]",
    change: ({ rule }) => ({
      rule: (command, state, given) =>
        command === "DISC" && state === "opened" ? "refuse" : rule(command, state, given),
    }),
    points: ["rule DISC"],
    claims: { supports: ["disc-needs-client"] },
  },
  {
    id: "early-conn-queued",
    about: "CONN between the OK of OPEN and its result is accepted, and waits for the connection",
    lawful: "The command races with the result of OPEN, and may be refused or queued [ECMT-S-7]",
    change: ({ rule }) => ({
      rule: (command, state, given) =>
        command === "CONN" && state === "opening" ? "run" : rule(command, state, given),
    }),
    points: ["rule CONN"],
  },
  {
    id: "commands-before-connack",
    about: "SUB, UNS and PUB are accepted as soon as CONNECT was sent",
    lawful:
      "MQTT lets a client send without waiting for CONNACK, and a target claims it as a feature [ECMT-S-2]",
    behaviour: { connectedAt: "CONNECT" },
    claims: { supports: ["connected-at-connect"] },
  },
];
