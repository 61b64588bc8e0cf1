import { parse } from "yaml";

const ROOT = new URL("../../", import.meta.url);

/** A fault of a broker that was reproduced by hand. */
export interface BrokerFault {
  readonly fault: string;
  readonly clauses: readonly string[];
  /** The bytes that were sent, and what came of them. */
  readonly sent: string;
  readonly came: string;
  /** Regular expressions over "case protocol reason" of a run: the deviations that have this reason. */
  readonly when?: readonly string[] | undefined;
  /** Why no case meets the fault: what the target file sets to keep it away, since it would spoil other cases. */
  readonly avoided?: string | undefined;
}

/** The faults of one broker, as `expectations/faults/` has them. */
export interface BrokerFaults {
  readonly broker: string;
  /** Another target of the same broker, whose faults this one has too. */
  readonly besides?: string | undefined;
  readonly faults: readonly BrokerFault[];
}

/** Reads the list of one target, and all faults that it has: its own first, since the first that fits is the reason. */
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
  return `${fault} [${clauses.join(", ")}]. Sent: ${sent}. Came: ${came}.`;
}
