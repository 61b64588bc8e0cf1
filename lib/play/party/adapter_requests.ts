import { defined } from "../../ground/defined.ts";
import { type Octets, octetsOf } from "../../client/octets.ts";
import { type Request, TRANSPORT_OF } from "../../client/protocol.ts";
import { asNumber } from "../../spec/evaluate.ts";
import type { Scope } from "../../spec/scope.ts";
import { buildFields, isOmitted } from "../../suite/field/field.ts";
import type { BuiltProperty } from "../../suite/field/kind/properties.ts";
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

/** The seconds that a session of 5.0 outlives its connection where a case keeps it. */
const KEPT_S = 300;

/** The fields of an operation, built. */
type Given = Readonly<Record<string, unknown>>;

/** What is set ahead of a CONNECT, by the operation that sets it. */
type Settings = Readonly<Record<string, Given>>;

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
    ...connectProperties(fields, settings, home.protocol),
    ...route,
    ...(next ? { next } : {}),
  };
}

/**
 * The properties of a CONNECT. A session of 5.0 that is kept needs an expiry too, which is the other half of what Clean
 * Session 0 says in 3.1.1.
 */
function connectProperties(fields: Given, { setCleanSession }: Settings, protocol: string) {
  if (protocol !== "5.0") return {};
  const own = propertiesOf(fields.properties);
  const keeps = numberOf(setCleanSession?.clean) === 0 && own?.sessionExpiryInterval === undefined;
  const properties = keeps ? { ...own, sessionExpiryInterval: KEPT_S } : own;
  return properties ? { properties } : {};
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
        filters: [
          defined({
            filter: octets(fields.filter),
            qos: numberOf(fields.qos) ?? 0,
            noLocal: fields.noLocal,
            retainAsPublished: fields.retainAsPublished,
            retainHandling: fields.retainHandling,
          }),
        ],
        ...given(fields),
      };
    case "unsubscribe":
      return { do: "unsubscribe", client, filters: [octets(fields.filter)], ...given(fields) };
    case "disconnect":
    case "auth":
      return { do: name, client, ...given(fields) };
    default:
      return undefined;
  }
}

/** The case's number for what it asks for. */
export function numberOfExchange(sent: OperationSent, scope: Scope): number {
  const value = sent.fields.find(([name]) => name === "id")?.[1];
  return value && !isOmitted(value, scope) ? asNumber(value, scope) : 0;
}

function message(fields: Given) {
  return {
    ...given(fields),
    topic: octets(fields.topic),
    payload: octets(fields.payload ?? ""),
    qos: numberOf(fields.qos) ?? 0,
    retain: numberOf(fields.retain) === 1,
  };
}

/** What a request has only if the case gives it. */
function given({ reason, properties }: Given) {
  return defined({ reason: numberOf(reason), properties: propertiesOf(properties) });
}

/** Properties in the words of the adapter protocol: by name, a list for one that is repeated, and User Properties as pairs. */
function propertiesOf(built: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(built)) return undefined;
  const byName = Map.groupBy(built as readonly BuiltProperty[], ({ name }) => name);
  return Object.fromEntries(
    [...byName].map(([name, found]) => {
      const values = found.map(({ value }) => inWords(value));
      return [name, values.length > 1 || name === "userProperty" ? values : values[0]];
    }),
  );
}

function inWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inWords);
  return typeof value === "number" ? value : octets(value);
}

function octets(value: unknown): Octets {
  return octetsOf(value instanceof Uint8Array ? value : String(value ?? ""));
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
