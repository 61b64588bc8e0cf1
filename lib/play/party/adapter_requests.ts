import { type Octets, octetsOf } from "../../client/octets.ts";
import { type Request, TRANSPORT_OF } from "../../client/protocol.ts";
import { asNumber } from "../../spec/evaluate.ts";
import type { Scope } from "../../spec/scope.ts";
import { buildFields, isOmitted } from "../../suite/field/field.ts";
import type { OperationSent } from "../../suite/step/sent.ts";
import { REQUESTS } from "../../suite/step/operation.ts";
import type { ClientRoute } from "../../target/target.ts";

/** Where the client of a case finds the scripted broker, and what it speaks. */
export interface ClientHome {
  readonly client: string;
  readonly server: string;
  readonly port: number;
  readonly protocol: string;
  /** How it connects, as far as that is not by TCP. */
  readonly transport?: string;
  readonly path?: string;
  readonly ca?: string;
}

/** The resource at which attest answers the request for a WebSocket. */
const PATH = "/mqtt";

/** The fields of a connect that say how to reach the scripted broker; none for TCP. */
export function routeFields({ over, ca }: ClientRoute): Pick<ClientHome, "transport" | "path" | "ca"> {
  if (over.kind === "mqtt") return {};
  const { transport, webSocket } = TRANSPORT_OF[over.kind];
  return { transport, ...(webSocket ? { path: PATH } : {}), ...(ca === undefined ? {} : { ca }) };
}

/** The versions that a case can ask for by their level. */
const LEVELS: Readonly<Record<number, string>> = { 3: "3.1", 4: "3.1.1", 5: "5.0" };

/** What is set ahead of a CONNECT, by the operation that sets it. */
type Settings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The fields of an operation, those that are left out gone; text that is not UTF-8 is bytes. */
export function fieldsOf(sent: OperationSent, scope: Scope): Readonly<Record<string, unknown>> {
  const spec = REQUESTS.get(sent.name);
  const given = sent.fields.filter(([, value]) => !isOmitted(value, scope));
  return spec ? buildFields(given, spec.fields, scope) : {};
}

/** The CONNECT that a case asks for, with all that was set before. */
export function connectRequest(
  home: ClientHome,
  fields: Readonly<Record<string, unknown>>,
  settings: Settings,
  next?: Readonly<Record<string, unknown>>,
): Request {
  const { client, server, port, protocol, ...route } = home;
  const { setWill, setCleanSession, setKeepAlive, setVersion } = settings;
  const level = numberOf(setVersion?.level);
  return {
    do: "connect",
    client,
    server,
    port,
    protocol: level === undefined ? protocol : LEVELS[level] ?? protocol,
    clientId: octets(fields.clientId ?? ""),
    cleanStart: numberOf(setCleanSession?.clean) !== 0,
    keepAlive: numberOf(setKeepAlive?.seconds) ?? 60,
    ...(fields.userName === undefined ? {} : { userName: octets(fields.userName) }),
    ...(fields.password === undefined ? {} : { password: octets(fields.password) }),
    ...(setWill ? { will: message(setWill) } : {}),
    ...route,
    ...(next ? { next } : {}),
  };
}

/** Any other request that a case asks for; undefined for an operation that an adapter does not have. */
export function requestOf(
  client: string,
  name: string,
  fields: Readonly<Record<string, unknown>>,
): Request | undefined {
  switch (name) {
    case "publish":
      return { do: "publish", client, ...message(fields) };
    case "subscribe":
      return {
        do: "subscribe",
        client,
        filters: [{ filter: octets(fields.filter), qos: numberOf(fields.qos) ?? 0 }],
      };
    case "unsubscribe":
      return { do: "unsubscribe", client, filters: [octets(fields.filter)] };
    case "disconnect":
      return { do: "disconnect", client };
    default:
      return undefined;
  }
}

/** The case's number for what it asks for. */
export function numberOfExchange(sent: OperationSent, scope: Scope): number {
  const value = sent.fields.find(([name]) => name === "id")?.[1];
  return value && !isOmitted(value, scope) ? asNumber(value, scope) : 0;
}

function message(fields: Readonly<Record<string, unknown>>) {
  return {
    topic: octets(fields.topic),
    payload: octets(fields.payload ?? ""),
    qos: numberOf(fields.qos) ?? 0,
    retain: numberOf(fields.retain) === 1,
  };
}

function octets(value: unknown): Octets {
  return octetsOf(value instanceof Uint8Array ? value : String(value ?? ""));
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
