import { findProfile } from "../../../../lib/catalog/profiles.ts";
import { ArrivalSchedule } from "../../../../lib/load/plan/arrival_schedule.ts";
import { fullRate, ownerOf, planOf, qosOf, topicOf, wordsOf } from "../../../../lib/load/plan/plan.ts";
import type { Profile } from "../../../../lib/load/profile/profile.ts";
import { fill } from "../../../../lib/load/profile/template.ts";
import { shortages } from "../../../../lib/load/run/preflight.ts";

/** How many messages of each group are looked up in the schedule. */
const MESSAGES = 50;

/** Reads a profile as `load` does, and plans its clients, stages and messages. */
export async function feedProfile(path: string): Promise<void> {
  const profile = await findProfile(path, new Map());
  if (profile.module) return;
  planned(profile);
  await findProfile(path, new Map([["clients", "$a.b.c"], ["rate", "1e999"]]), 5_000).catch(
    (error: unknown) => {
      // The profile may lack these values.
      if (!(error instanceof Error) || error.name !== "UsageError") throw error;
    },
  );
}

function planned(profile: Profile): void {
  const plan = planOf(profile, {
    run: "0000abcd",
    seed: 1,
    brokers: [{ address: { kind: "mqtt", host: "127.0.0.1", port: 1883 } }],
    from: [],
    shard: { index: 1, of: 1 },
    workers: 2,
  });
  shortages(plan, { descriptors: 1024, ports: { from: 1024, to: 65535 }, memory: 1e9 });
  profile.executor.layOut(fullRate(profile), plan.clients);
  for (const group of plan.groups) {
    const schedule = new ArrivalSchedule(group.publish?.rate ?? 0, plan.segments);
    for (let message = 0; message < MESSAGES; message++) {
      if (Number.isNaN(schedule.dueAt(message))) throw new Error(`Message ${message} has no planned moment`);
    }
    if (group.clientId) fill(group.clientId, wordsOf(plan, group, 0));
    const owner = ownerOf(plan, group.firstFlow);
    if (owner) `${topicOf(plan, owner)} ${qosOf(owner)}`;
  }
}
