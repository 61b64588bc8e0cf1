/** Who plays a lane: the serial side, the scripted broker, or an MQTT client. */
export type Role = "dte" | "broker" | "client";

/** The role that a lane's name gives it. */
export function roleOf(lane: string): Role {
  return lane === "dte" || lane === "broker" ? lane : "client";
}
