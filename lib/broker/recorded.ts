import type { BrokerBehaviour } from "./behaviour.ts";

/**
 * A behaviour that reports which of its decisions the broker uses, by the name of the hook. Every packet uses
 * `outgoing`, `remarks` and `holdMs`, so these are reported with the type of the packet: `outgoing PUBACK`.
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
