import { defined } from "../../ground/defined.ts";
import { duration, flag, type Form, located, type Report, text, word } from "../../spec/form.ts";
import { mapOf, object } from "../../spec/form_parts.ts";
import type { Place } from "../../spec/place.ts";
import type { ProcessStart } from "../process_form.ts";
import { configuration, type Given, isSecure, type Over } from "./configuration.ts";
import { FILE_NAME, SETTINGS } from "./settings.ts";

const ADDRESSES: Readonly<Record<Over, string>> = {
  mqtt: "mqtt://127.0.0.1:{port}",
  mqtts: "mqtts://127.0.0.1:{port}",
  ws: "ws://127.0.0.1:{port}/mqtt",
  wss: "wss://127.0.0.1:{port}/mqtt",
  unix: "unix:{folder}/broker.sock",
};

const GIVEN: Form<readonly (Given & { readonly place: Place })[]> = object(
  "the settings of Mosquitto",
  (keys) =>
    SETTINGS.flatMap((setting) => {
      const found = keys.optional(setting.name, located(setting.form), setting.about);
      return found ? [{ setting, ...found }] : [];
    }),
  "settings: { persistence: true }",
  "attest writes only the settings that docs/reference/target-file.md lists; for your own " +
    "configuration write process: instead of mosquitto:, and give --allow-start mosquitto",
);

/** `start: { mosquitto: … }` of a target file: Mosquitto, with a configuration that attest writes. */
export const MOSQUITTO: Form<ProcessStart> = object("a Mosquitto to start", (keys, report) => {
  const over = keys.optional(
    "over",
    word(["mqtt", "mqtts", "ws", "wss", "unix"], "transport"),
    "its transport; default mqtt",
  ) ?? "mqtt";
  const websocket = keys.optional(
    "websocket",
    located(flag()),
    "whether it also accepts WebSocket; over mqtt only",
  );
  const given = keys.optional("settings", GIVEN, "settings of its configuration, by Mosquitto's names") ?? [];
  const files = keys.optional(
    "files",
    mapOf({ what: "the name of a file", pattern: FILE_NAME }, text({ longest: 100_000 })),
    "files in its folder, for acl_file and password_file",
  ) ?? [];
  const startMs = keys.optional("start", duration(), "how long it may take to listen; default 8s");
  const stopMs = keys.optional(
    "stop",
    duration(),
    "how long it may take to exit before it is killed; default 3s",
  );
  if (websocket?.value && over !== "mqtt") {
    report.add(
      `a Mosquitto over ${over} that also accepts WebSocket`,
      websocket.place,
      "write over: mqtt",
    );
  }
  checkGiven(given, over, files.map(({ name }) => name), report);
  return {
    kind: "process",
    command: ["mosquitto", "-c", "{config}"],
    version: ["mosquitto", "-h"],
    config: configuration(over, websocket?.value === true, given),
    certificates: isSecure(over),
    at: ADDRESSES[over],
    ...defined({
      files: files.length > 0 ? Object.fromEntries(files.map(({ name, value }) => [name, value])) : undefined,
      websocket: websocket?.value ? "ws://127.0.0.1:{port.ws}/mqtt" : undefined,
      startMs,
      stopMs,
    }),
  };
});

function checkGiven(
  given: readonly (Given & { readonly place: Place })[],
  over: Over,
  files: readonly string[],
  report: Report,
): void {
  for (const { setting, value, place } of given) {
    if (setting.name === "require_certificate" && value === "true" && !isSecure(over)) {
      report.add(`a certificate is required over ${over}`, place, "write over: mqtts or over: wss");
    }
    const file = /^\{folder\}\/(.*)$/.exec(value)?.[1];
    if (file !== undefined && !files.includes(file)) {
      report.add(`"${file}" is not in the files of this Mosquitto`, place, "add it to files:");
    }
  }
}
