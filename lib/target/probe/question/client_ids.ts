import { capacityOf } from "../../../suite/claim/capacities.ts";
import { type Asking, clientId, connected, isAccepted, type Question } from "../asking.ts";
import { claimed, limited, notClaimed, unknown, unlimited } from "../finding.ts";
import { greatest } from "../greatest.ts";

/** The length that every broker must accept; in 3.1 also the longest allowed. */
const ALWAYS = 23;

/** Asks whether a client may connect without an id. 3.1 forbids it. */
export const EMPTY_CLIENT_ID: Question = {
  about: "empty client id",
  protocols: ["3.1.1", "5.0"],
  async ask(asking) {
    await using client = await connected(asking, { clientId: "" });
    return [
      isAccepted(client)
        ? claimed("empty-client-id", "a clean CONNECT without a client id is accepted")
        : notClaimed("empty-client-id", "a CONNECT without a client id is not accepted, which is allowed"),
    ];
  },
};

/** Asks how long a client id may be, beyond the 23 characters that every broker accepts. */
export const CLIENT_ID_LENGTH: Question = {
  about: "client id",
  sends: "messages",
  protocols: ["3.1.1", "5.0"],
  async ask(asking) {
    const name = "clientIdLength";
    const most = capacityOf(name)?.most ?? ALWAYS;
    const { works, fails } = await greatest(most - ALWAYS, (n) => accepts(asking, n + ALWAYS));
    if (fails !== undefined) {
      return [limited(name, works + ALWAYS, `a client id of ${fails + ALWAYS} bytes is refused`)];
    }
    return [
      works > 0
        ? unlimited(name, works + ALWAYS, `a client id of ${works + ALWAYS} bytes is accepted`)
        : unknown(name, "a CONNECT with a long client id gets no answer"),
    ];
  },
};

async function accepts(asking: Asking, length: number): Promise<boolean | undefined> {
  await using client = await connected(asking, { clientId: clientId(asking).padEnd(length, "x") });
  return isAccepted(client);
}
