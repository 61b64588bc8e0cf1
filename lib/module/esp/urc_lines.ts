import type { Urc } from "../hooks.ts";

/** Returns the lines that ESP-AT prints for a result; undefined for one that is not about MQTT. */
export function espLines({ name, fields }: Urc): readonly string[] | undefined {
  switch (name) {
    case "ECMTSTAT":
      return [`+MQTTDISCONNECTED:${fields[0]}`];
    case "ECMTPUB":
      return [`+MQTTPUB:${fields[2] === 0 ? "OK" : "FAIL"}`];
    case "ECMTRECV":
      return [`+MQTTSUBRECV:${fields[0]},${fields[2]},${String(fields[3]).length},${fields[3]}`];
    case "MQTTPUB":
      return [`+MQTTPUB:${fields[0]}`];
    default:
      return undefined;
  }
}
