import { remarksOnFive } from "./five_remarks.ts";
import { type Asking, clientId, connected, isAccepted } from "./asking.ts";
import type { Remark } from "./finding.ts";
import { ProbeClient, withReason } from "./probe_client.ts";

/** Client ids with characters that a broker need not accept. */
const ODD_ENDS = ["-_.:/", " ", "#+$", "äé", "漢字"];

/**
 * Observes how a broker treats a client without a user name and unusual client ids, and when it closes a
 * silent connection.
 */
export async function remarksOn(asking: Asking, watchMs: number): Promise<readonly Remark[]> {
  const all = await Promise.all([
    askAnonymous(asking),
    askCharacters(asking),
    askSilent(asking, watchMs),
    askIdle(asking, watchMs),
    askProperties(asking),
    remarksOnFive(asking),
  ]);
  return all.flat();
}

/** Tests whether a client may connect without a user name, if the probe itself has one. */
async function askAnonymous(asking: Asking): Promise<readonly Remark[]> {
  const { userName, password: _, ...nobody } = asking.reach;
  if (userName === undefined) return [];
  await using client = await connected({ ...asking, reach: nobody });
  const reason = client.connack?.reason;
  return [{
    about: "anonymous clients",
    found: isAccepted(client)
      ? "are accepted"
      : `are refused: the broker ${
        reason === undefined
          ? client.ending ?? "does not answer"
          : `answers ${withReason("CONNACK", asking.version, reason)}`
      }`,
  }];
}

async function askCharacters(asking: Asking): Promise<readonly Remark[]> {
  const accepted = await Promise.all(ODD_ENDS.map(async (end) => {
    await using client = await connected(asking, { clientId: `${clientId(asking)}${end}` });
    return isAccepted(client);
  }));
  const refused = ODD_ENDS.filter((_, at) => !accepted[at]).map((end) => JSON.stringify(end));
  return [{
    about: "client id characters",
    found: refused.length === 0
      ? "are all accepted as far as tested: punctuation, a space, wildcards, letters beyond ASCII"
      : `are not accepted with ${refused.join(", ")}`,
  }];
}

async function askSilent(asking: Asking, watchMs: number): Promise<readonly Remark[]> {
  await using client = await ProbeClient.open(asking.reach, asking.version, asking.signal);
  return [{ about: "a connection without CONNECT", found: await closed(client, watchMs) }];
}

async function askIdle(asking: Asking, watchMs: number): Promise<readonly Remark[]> {
  await using client = await connected(asking, { keepAlive: 1 });
  return [{ about: "a silent connection with a keep-alive of 1 s", found: await closed(client, watchMs) }];
}

async function closed(client: ProbeClient, watchMs: number): Promise<string> {
  const begin = performance.now();
  const ended = await client.until(() => client.ending !== undefined, watchMs);
  return ended
    ? `is closed after ${seconds(performance.now() - begin)}`
    : `is not closed within ${seconds(watchMs)}`;
}

function askProperties({ connack, version }: Asking): readonly Remark[] {
  if (version !== "5.0") return [];
  const told = connack.properties.map(({ name, value }) => `${name} ${String(value)}`).join(", ");
  return [{ about: "CONNACK", found: told === "" ? "has no properties" : `has ${told}` }];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
