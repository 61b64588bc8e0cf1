/** Questions about connections: which versions, which users, which client ids, when the broker closes. */
import { describe } from "../../mqtt/describe.ts";
import { type ConnectFields, PROTOCOL_VERSIONS, type ProtocolVersion } from "../../mqtt/packet.ts";
import { reasonName } from "../../mqtt/reasons.ts";
import { ProbeClient, type ProbeReach, type Reply } from "./client.ts";
import { type Asking, feature, greatest, type Observation } from "./observation.ts";

/** What a broker says to a CONNECT in each version. */
export interface Versions {
  readonly spoken: readonly ProtocolVersion[];
  /** Whether it refuses clients without the right user name and password. */
  readonly refusesUser: boolean;
  readonly observations: readonly Observation[];
}

/** Finds out which versions the broker speaks, and whether it lets this user in. Throws TransportError. */
export async function askVersions(reach: ProbeReach, prefix: string): Promise<Versions> {
  const answers = await Promise.all(PROTOCOL_VERSIONS.map(async (version) => {
    const clientId = `${prefix}v${version.replaceAll(".", "")}`;
    await using connected = await ProbeClient.connect(reach, version, { clientId });
    const { answer, client } = connected;
    const accepted = isAccepted(answer);
    if (accepted) await client.leave();
    return { version, answer, accepted };
  }));
  const spoken = answers.filter((one) => one.accepted).map((one) => one.version);
  const observations = answers.map(({ version, answer, accepted }) => ({
    about: `MQTT ${version}`,
    found: accepted ? "is spoken" : `is not spoken: a CONNECT ${saidTo(answer, version)}`,
    value: accepted,
  }));
  return { spoken, refusesUser: answers.some(({ answer }) => isRefusedUser(answer)), observations };
}

/** Whether a client may connect without a user name, where the probe itself has one. */
export async function askAnonymous({ reach, version, prefix }: Asking): Promise<readonly Observation[]> {
  const { userName: _, password: _password, ...nobody } = reach;
  await using connected = await ProbeClient.connect(nobody, version, { clientId: `${prefix}anon` });
  const accepted = isAccepted(connected.answer);
  return [{
    about: "anonymous clients",
    found: accepted
      ? "are let in: a CONNECT without a user name is accepted"
      : `are refused: a CONNECT without a user name ${saidTo(connected.answer, version)}`,
    value: accepted,
  }];
}

/** Which client ids the broker accepts. */
export async function askClientIds({ reach, version, prefix }: Asking): Promise<readonly Observation[]> {
  const accepts = async (fields: ConnectFields) => {
    await using connected = await ProbeClient.connect(reach, version, fields);
    return isAccepted(connected.answer);
  };
  const observations: Observation[] = [];
  if (version !== "3.1") {
    const empty = await accepts({ clientId: "" });
    observations.push(feature(
      "empty-client-id",
      empty,
      "empty client id",
      empty ? "is accepted with a clean session" : "is refused, which the standard allows",
    ));
  }
  const longest = await greatest(23, 65_535, (n) => accepts({ clientId: prefix.padEnd(n, "x") }));
  observations.push({
    about: "client id length",
    found: longest === undefined
      ? "not even 23 characters are accepted"
      : `up to ${longest} bytes are accepted`,
    value: longest,
  });
  const odd = ["-_.:/", " ", "#+$", "äé", "漢字"];
  const accepted = await Promise.all(odd.map((tail) => accepts({ clientId: `${prefix}${tail}` })));
  const refused = odd.filter((_, index) => !accepted[index]);
  observations.push({
    about: "client id characters",
    found: refused.length === 0
      ? "all that were tried are accepted: punctuation, a space, wildcards, letters beyond ASCII"
      : `those with ${refused.map((tail) => JSON.stringify(tail)).join(", ")} are refused`,
  });
  return observations;
}

/** When the broker closes a connection that says nothing, before its CONNECT and after. */
export async function askTimeouts(
  { reach, version, prefix, watchMs }: Asking,
): Promise<readonly Observation[]> {
  const silent = async () => {
    await using client = await ProbeClient.open(reach, version);
    return await client.closedAfter(watchMs);
  };
  const idle = async () => {
    await using connected = await ProbeClient.connect(reach, version, {
      clientId: `${prefix}idle`,
      keepAlive: 1,
    });
    return isAccepted(connected.answer) ? await connected.client.closedAfter(watchMs) : undefined;
  };
  const [before, after] = await Promise.all([silent(), idle()]);
  const watched = `${seconds(watchMs)} that it was watched`;
  return [{
    about: "connection without CONNECT",
    found: before === undefined
      ? `is not closed within the ${watched}`
      : `is closed after ${seconds(before)}`,
    value: before && Math.round(before),
  }, {
    about: "keep-alive of 1 s",
    found: after === undefined
      ? `does not close a silent connection within the ${watched}`
      : `closes a silent connection after ${seconds(after)}`,
    value: after && Math.round(after),
  }];
}

/** What a 5.0 broker says of itself in CONNACK. */
export async function askProperties({ reach, prefix }: Asking): Promise<readonly Observation[]> {
  await using connected = await ProbeClient.connect(reach, "5.0", { clientId: `${prefix}props` });
  const { answer, client } = connected;
  if (typeof answer === "string") return [];
  await client.leave();
  const told = answer.properties.map(({ name, value }) => `${name} ${String(value)}`).join(", ");
  return [{ about: "what 5.0's CONNACK tells", found: told === "" ? "nothing" : told, value: told }];
}

/** Whether an answer lets the client in. */
export function isAccepted(answer: Reply<"CONNACK">): boolean {
  return typeof answer !== "string" && answer.reason === 0;
}

function isRefusedUser(answer: Reply<"CONNACK">): boolean {
  return typeof answer !== "string" && [4, 5, 0x86, 0x87].includes(answer.reason);
}

function saidTo(answer: Reply<"CONNACK">, version: ProtocolVersion): string {
  if (answer === "silent") return "gets no answer";
  if (answer === "closed") return "gets the connection closed";
  return `gets ${reasonName("CONNACK", version, answer.reason) ?? describe(answer)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
