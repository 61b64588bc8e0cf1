import type { BrokerBehaviour } from "./behaviour.ts";

/**
 * A behaviour that tells which of its decisions are asked for, by the name of the hook. `outgoing`, `remarks` and `holdMs`,
 * which every packet asks for, are told with the type of the packet: `outgoing PUBACK`.
 */
export function recorded(behaviour: BrokerBehaviour, consulted: (hook: string) => void): BrokerBehaviour {
  const { outgoing, holdMs, remarks, ...rest } = behaviour;
  const told: BrokerBehaviour = {
    ...behaviour,
    outgoing: (packet, version) => {
      consulted(`outgoing ${packet.type}`);
      return outgoing(packet, version);
    },
    holdMs: (packet) => {
      consulted(`holdMs ${packet.type}`);
      return holdMs(packet);
    },
    remarks: (packet) => {
      consulted(`remarks ${packet.type}`);
      return remarks(packet);
    },
  };
  for (const [hook, value] of Object.entries(rest)) {
    Object.defineProperty(told, hook, {
      enumerable: true,
      get: () => {
        consulted(hook);
        return value;
      },
    });
  }
  return told;
}
