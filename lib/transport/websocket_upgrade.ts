/** The opening handshake of RFC 6455, section 4, from both ends. */
import { TransportError } from "./error.ts";
import { type Transport, writeAll } from "./transport.ts";

/** The client's request. */
export interface UpgradeRequest {
  /** For the `Host` header: `host:port`. */
  readonly authority: string;
  /** The path, starting with a slash. */
  readonly path: string;
  /** The offered subprotocols in this order; an empty list omits the header. */
  readonly subprotocols: readonly string[];
}

/** The server's response. */
export interface UpgradeAnswer {
  /** The HTTP status; 101 means that the connection is a WebSocket now. */
  readonly status: number;
  readonly reason: string;
  /** The subprotocol that the server chose. */
  readonly subprotocol?: string | undefined;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/** The longest head of a request or a response, in bytes. */
const LONGEST_HEAD = 16 * 1024;

/**
 * Requests a WebSocket on a connection. `rest` are bytes that came after the response. Throws {@link
 * TransportError} for a response that violates RFC 6455; a refusal is a valid response.
 */
export async function requestUpgrade(
  transport: Transport,
  request: UpgradeRequest,
): Promise<{ readonly answer: UpgradeAnswer; readonly rest: Uint8Array }> {
  const key = crypto.getRandomValues(new Uint8Array(16)).toBase64();
  const lines = [
    `GET ${request.path} HTTP/1.1`,
    `Host: ${request.authority}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
    "Sec-WebSocket-Version: 13",
    ...(request.subprotocols.length > 0
      ? [`Sec-WebSocket-Protocol: ${request.subprotocols.join(", ")}`]
      : []),
  ];
  await writeAll(transport, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const { head, rest } = await readHead(transport, request.authority);
  const [, digits = "", reason = ""] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(head.first) ?? [];
  if (digits === "") {
    throw new TransportError(
      "failed",
      `${request.authority} did not respond to the WebSocket upgrade in HTTP`,
    );
  }
  const status = Number(digits);
  const subprotocol = head.fields.get("sec-websocket-protocol");
  const answer = { status, reason, subprotocol };
  if (status !== 101) return { answer, rest };
  if (head.fields.get("sec-websocket-accept") !== await acceptFor(key)) {
    const text = `${request.authority} answered the WebSocket upgrade with a wrong Sec-WebSocket-Accept`;
    throw new TransportError("failed", text);
  }
  return { answer, rest };
}

/**
 * Responds to a client's request for a WebSocket. Returns the bytes that came after the request, or undefined
 * if it was refused. `choose` selects the status and subprotocol of the response from the offered
 * subprotocols.
 */
export async function answerUpgrade(
  transport: Transport,
  choose: (offered: readonly string[]) => { readonly status: number; readonly subprotocol?: string },
): Promise<Uint8Array | undefined> {
  const { head, rest } = await readHead(transport, "The client");
  const { fields } = head;
  const key = fields.get("sec-websocket-key");
  const asks = /^GET \S+ HTTP\/1\.1$/.test(head.first) && /websocket/i.test(fields.get("upgrade") ?? "") &&
    /upgrade/i.test(fields.get("connection") ?? "") && fields.get("sec-websocket-version") === "13";
  const offered = (fields.get("sec-websocket-protocol") ?? "").split(",").map((one) => one.trim()).filter((
    one,
  ) => one !== "");
  const chosen = asks && key !== undefined ? choose(offered) : { status: 400 };
  if (chosen.status !== 101 || key === undefined) {
    const refusal = `HTTP/1.1 ${chosen.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    await writeAll(transport, new TextEncoder().encode(refusal));
    return undefined;
  }
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${await acceptFor(key)}`,
    ...(chosen.subprotocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${chosen.subprotocol}`]),
  ];
  await writeAll(transport, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  return rest;
}

async function acceptFor(key: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(key + GUID));
  return new Uint8Array(hash).toBase64();
}

interface Head {
  readonly first: string;
  /** The header fields by lower-case name; the values of a repeated name are joined by a comma. */
  readonly fields: ReadonlyMap<string, string>;
}

async function readHead(
  transport: Transport,
  who: string,
): Promise<{ readonly head: Head; readonly rest: Uint8Array }> {
  let bytes = new Uint8Array(0);
  const chunk = new Uint8Array(4 * 1024);
  for (;;) {
    const size = await transport.read(chunk);
    if (size === null) {
      throw new TransportError("closed", `${who} closed the connection during the WebSocket upgrade`);
    }
    const grown = new Uint8Array(bytes.length + size);
    grown.set(bytes);
    grown.set(chunk.subarray(0, size), bytes.length);
    bytes = grown;
    const end = endOfHead(bytes);
    if (end >= 0) return { head: parseHead(bytes.subarray(0, end)), rest: bytes.slice(end + 4) };
    if (bytes.length > LONGEST_HEAD) {
      throw new TransportError("failed", `${who} did not end its HTTP head within ${LONGEST_HEAD} bytes`);
    }
  }
}

/** Returns the offset of the empty line that ends a head, or -1 if it has not arrived. */
function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at;
  }
  return -1;
}

function parseHead(bytes: Uint8Array): Head {
  const [first = "", ...lines] = new TextDecoder("latin1").decode(bytes).split("\r\n");
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { first, fields };
}
