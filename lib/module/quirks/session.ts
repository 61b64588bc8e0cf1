import type { ModuleQuirk } from "./quirk.ts";

/** Quirks of how connections close and reopen, and of what is stored. */
export const SESSION_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "waits-for-broker-close",
    about:
      "After DISCONNECT the module waits up to 1 s for the broker to close, and then reports DISC or CLOSE",
    lawful: "MQTT sets no time for the client's close, and the broker may close first [MQTT-3.14.4-1]",
    behaviour: { closeWaitMs: 1_000 },
  },
  {
    id: "result-before-close",
    about: "The TCP connection is closed 300 ms after DISC or CLOSE was reported",
    lawful:
      "No order is defined between the result on the serial line and the close on the network [MQTT-3.14.4-1]",
    behaviour: { closeLagMs: 300 },
  },
  {
    id: "close-without-disconnect",
    about: "CLOSE closes the TCP connection without DISCONNECT",
    lawful:
      "CLOSE is the command for the network connection, and the application note mentions DISCONNECT for DISC",
    commands: "QMT",
    behaviour: { disconnectsOnClose: false },
  },
  {
    id: "retries-after-refusal",
    about:
      "A close after a refusing CONNACK counts as a lost connection, and the module retries CONNECT up to three times",
    lawful:
      "The source of one firmware does so, and the manual does not say what follows a refusal [ECMT-CONN-U9]",
    commands: "ECMT",
    behaviour: { afterRefusal: "reconnect" },
  },
  {
    id: "reconnects-once",
    about: "The module tries once to reconnect after each loss of a connection, and then gives up",
    lawful: "The number of tries is not defined [ECMT-S-3, ECMT-S-6]",
    commands: "ECMT",
    behaviour: { reconnectDelaysMs: [20], steadyMs: 0 },
    points: ["reconnectDelaysMs"],
  },
  {
    id: "resumes-late",
    about: "A stored session is resumed 500 ms after CONNACK",
    lawful:
      "Unacknowledged packets must be resent after a reconnect, but no time is set for it [MQTT-4.4.0-1]",
    behaviour: { resumeDelayMs: 500 },
  },
];
