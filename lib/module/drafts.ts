import type { ConnectPacket, DraftOf, PublishPacket } from "../mqtt/packet.ts";
import { fromBinary } from "./binary.ts";
import type { Settings } from "./settings.ts";

/** The parameters of `AT+ECMTCONN`, as binary texts. */
export interface Credentials {
  readonly clientId: string;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
}

/** The parameters of `AT+ECMTPUB`, as binary texts. */
export interface Message {
  readonly packetId: number;
  /** The QoS, 0 to 2; a defect allows others. */
  readonly qos: number;
  readonly retain: boolean;
  readonly topic: string;
  readonly payload: string;
}

/** Creates CONNECT from settings and credentials. */
export function connectPacket(settings: Settings, credentials: Credentials): DraftOf<ConnectPacket> {
  const { clientId, userName, password } = credentials;
  const { will, version } = settings;
  return {
    type: "CONNECT",
    protocolName: version === 3 ? "MQIsdp" : "MQTT",
    protocolLevel: version,
    cleanStart: settings.cleanSession,
    keepAlive: settings.keepAlive,
    clientId: fromBinary(clientId),
    userName: userName === undefined ? undefined : fromBinary(userName),
    password: password === undefined ? undefined : fromBinary(password),
    will: will && {
      topic: fromBinary(will.topic),
      payload: fromBinary(will.message),
      qos: will.qos,
      retain: will.retain,
    },
  };
}

/** Creates the PUBLISH of a message; at QoS 0 it has no packet id [MQTT-2.3.1-5]. */
export function publishPacket({ packetId, qos, retain, topic, payload }: Message): DraftOf<PublishPacket> {
  return {
    type: "PUBLISH",
    topic: fromBinary(topic),
    payload: fromBinary(payload),
    qos,
    retain,
    dup: false,
    packetId: qos > 0 ? packetId : undefined,
  };
}
