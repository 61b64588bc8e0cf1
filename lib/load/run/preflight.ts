import type { Machine } from "./machine.ts";
import type { Plan } from "../plan/plan.ts";
import { ofShard } from "../plan/plan.ts";

/** Descriptors that attest has open besides its connections: journal, source files, threads. */
const OTHER_DESCRIPTORS = 100;
/** Bytes of memory for a connection with its buffers, and for a pair of flow and subscriber. */
const BYTES_PER_CLIENT = 16 * 1024;
const BYTES_PER_PAIR = 120;
/** Bytes of memory for a worker without clients. */
const BYTES_PER_WORKER = 60_000_000;
/** The most pairs of publisher and subscription that attest can track. */
const MOST_PAIRS = 20_000_000;

/**
 * Returns what the machine lacks for a plan: sentences, each with a command or an option that helps. Limits that can't be read
 * are not checked.
 */
export function shortages(plan: Plan, machine: Machine): readonly string[] {
  const clients = plan.groups.reduce((sum, group) => sum + clientsOf(plan, group), 0);
  const found: string[] = [];
  const descriptors = clients + OTHER_DESCRIPTORS;
  if (machine.descriptors !== undefined && machine.descriptors < descriptors) {
    found.push(
      `${clients} connections need ${descriptors} open files, and the limit is ${machine.descriptors}; ` +
        `raise it with: ulimit -n ${descriptors}`,
    );
  }
  if (machine.ports) {
    const ports = machine.ports.to - machine.ports.from + 1;
    const pairs = plan.brokers.length * Math.max(1, plan.from.length);
    if (clients > ports * pairs) {
      const wanted = Math.ceil(clients / ports / plan.brokers.length);
      const addresses = Array.from({ length: Math.min(wanted, 4) }, (_, index) => `127.0.0.${index + 2}`)
        .join(",");
      found.push(
        `${clients} connections need as many ports, and there are ${ports} for each pair of addresses; ` +
          `widen them with: sysctl -w net.ipv4.ip_local_port_range="1024 65535", ` +
          `or connect from ${wanted} addresses with: --from ${addresses}${wanted > 4 ? ",…" : ""}`,
      );
    }
  }
  const pairs = pairsOf(plan);
  if (pairs > MOST_PAIRS) {
    found.push(
      `The profile has up to ${pairs} pairs of publisher and subscription, and ${MOST_PAIRS} can be tracked; ` +
        "lower the number of its clients",
    );
  }
  const memory = clients * BYTES_PER_CLIENT + Math.min(pairs, MOST_PAIRS) * BYTES_PER_PAIR +
    plan.workers * BYTES_PER_WORKER;
  if (machine.memory !== undefined && machine.memory < memory) {
    found.push(
      `The profile needs about ${Math.ceil(memory / 1e6)} MB, and ${
        Math.floor(machine.memory / 1e6)
      } MB are free; ` +
        "lower the number of its clients, or divide it among machines with --shard 1/2",
    );
  }
  return found;
}

function clientsOf(plan: Plan, group: Plan["groups"][number]): number {
  let count = 0;
  for (let index = 0; index < group.clients; index++) if (ofShard(plan, group.firstClient + index)) count++;
  return count;
}

/**
 * An upper bound of the pairs: as if a filter with wildcards matched all flows, and any other filter matched one flow
 * for each client.
 */
function pairsOf(plan: Plan): number {
  return plan.groups.reduce((sum, group) => {
    const wide = group.subscribe.filter(({ filter }) =>
      filter.some((part) => typeof part === "string" && /[+#]/.test(part))
    );
    const narrow = group.subscribe.length - wide.length;
    return sum + group.clients / plan.shard.of * (wide.length * plan.flows + narrow);
  }, 0);
}

/** Returns a sentence for each address that this machine can't connect from. */
export function unusableAddresses(from: readonly string[]): readonly string[] {
  return from.flatMap((address) => {
    try {
      Deno.listen({ hostname: address, port: 0 }).close();
      return [];
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        return [`Connecting from ${address} is not granted; run with --allow-net`];
      }
      return [`${address} is not an address of this machine; add it with: ip address add ${address} dev lo`];
    }
  });
}
