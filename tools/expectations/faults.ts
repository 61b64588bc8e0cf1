import { parse } from "yaml";

const ROOT = new URL("../../", import.meta.url);

/** A fault of a broker that was reproduced by hand. */
export interface BrokerFault {
  readonly fault: string;
  /** Empty for what the standard demands without a number. */
  readonly clauses: readonly string[];
  /** The bytes that were sent, and what was received. */
  readonly sent: string;
  readonly came: string;
  /** Regular expressions over "case protocol reason" of a run: the deviations that have this reason. */
  readonly when?: readonly string[] | undefined;
  /** Why no case shows the fault: the setting of the target file that prevents it, since it would make other cases fail. */
  readonly avoided?: string | undefined;
}

/** The faults of one broker, as `expectations/faults/` has them. */
export interface BrokerFaults {
  readonly broker: string;
  /** `client` for a client library. */
  readonly of?: "client" | undefined;
  /** Another target of the same broker; this one has its faults too. */
  readonly besides?: string | undefined;
  readonly faults: readonly BrokerFault[];
}

/** Reads the list of one target, and all its faults: its own first, since the first match gives the reason. */
export async function readFaults(
  target: string,
): Promise<{ readonly list: BrokerFaults; readonly all: readonly BrokerFault[] }> {
  const list: BrokerFaults = parse(
    await Deno.readTextFile(new URL(`expectations/faults/${target}.yaml`, ROOT)),
  );
  const others = list.besides === undefined ? [] : (await readFaults(list.besides)).all;
  return { list, all: [...list.faults, ...others] };
}

/** The text of a fault as the reason of a deviation. */
export function reasonOf({ fault, clauses, sent, came }: BrokerFault): string {
  const cited = clauses.length > 0 ? ` [${clauses.join(", ")}]` : "";
  return `${fault}${cited}. Sent: ${sent}. Received: ${came}.`;
}
