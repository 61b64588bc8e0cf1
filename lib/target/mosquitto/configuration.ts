import type { Setting } from "./settings.ts";

/** The transport of a Mosquitto that attest starts. */
export type Over = "mqtt" | "mqtts" | "ws" | "wss" | "unix";

/** A setting and its value, as in Mosquitto's configuration. */
export interface Given {
  readonly setting: Setting;
  readonly value: string;
}

/** Whether clients connect over TLS. */
export function isSecure(over: Over): boolean {
  return over === "mqtts" || over === "wss";
}

/**
 * Returns Mosquitto's configuration, with placeholders for its ports and its folder: first the global
 * settings, then each listener with its own. Throws RangeError for a value with a control character.
 */
export function configuration(over: Over, websocket: boolean, given: readonly Given[]): string {
  const value = (name: string) => given.find(({ setting }) => setting.name === name)?.value;
  const lines = (ofListener: boolean) =>
    given.filter(({ setting }) => (setting.ofListener === true) === ofListener)
      .map(({ setting, value }) => line(setting.name, value));
  const each = lines(true);
  const certificates = [
    "certfile {folder}/server.pem",
    "keyfile {folder}/server.key",
    ...(value("require_certificate") === "true" ? ["cafile {folder}/ca.pem"] : []),
  ];
  return [
    // Started as root it would change to a user who cannot write into the folder.
    "user root",
    ...(value("allow_anonymous") === undefined ? ["allow_anonymous true"] : []),
    ...(value("persistence") === "true" ? ["persistence_location {folder}/"] : []),
    ...lines(false),
    // Mosquitto does not start with a WebSocket listener alone.
    ...(over === "ws" || over === "wss" ? ["listener {port.plain} 127.0.0.1"] : []),
    over === "unix" ? "listener 0 {folder}/broker.sock" : "listener {port} 127.0.0.1",
    ...(over === "ws" || over === "wss" ? ["protocol websockets"] : []),
    ...(isSecure(over) ? certificates : []),
    ...each,
    ...(websocket ? ["listener {port.ws} 127.0.0.1", "protocol websockets", ...each] : []),
    "",
  ].join("\n");
}

/** Writes a line of the configuration, whose format cannot express a line end in a value. */
function line(name: string, value: string): string {
  // The forms reject control characters; this is the last check.
  if (/\p{Cc}/u.test(value)) throw new RangeError(`The setting ${name} has a control character in its value`);
  return `${name} ${value}`;
}
