import assert from "node:assert/strict";
import { parse } from "yaml";
import { clause } from "../../lib/mqtt/clauses.ts";
import { PROTOCOL_VERSIONS } from "../../lib/mqtt/packet.ts";
import { type BrokerFaults, readFaults } from "./faults.ts";

const ROOT = new URL("../../", import.meta.url);

async function lists(): Promise<readonly { readonly target: string; readonly list: BrokerFaults }[]> {
  const found: { target: string; list: BrokerFaults }[] = [];
  for await (const { name } of Deno.readDir(new URL("expectations/faults/", ROOT))) {
    const target = name.replace(/\.yaml$/, "");
    found.push({ target, list: (await readFaults(target)).list });
  }
  return found;
}

Deno.test("each fault of a broker cites clauses that there are", async () => {
  for (const { target, list } of await lists()) {
    for (const { fault, clauses } of list.faults) {
      for (const id of clauses) {
        assert.ok(PROTOCOL_VERSIONS.some((protocol) => clause(protocol, id)), `${target}: ${fault}: ${id}`);
      }
    }
  }
});

Deno.test("each fault of a broker is on its page, and the reason of a deviation unless its target file avoids it", async () => {
  for (const { target, list } of await lists()) {
    const page = await Deno.readTextFile(new URL(`docs/reference/faults-${target}.md`, ROOT));
    const file: { expect: readonly { reason: string }[] } = parse(
      await Deno.readTextFile(new URL(`expectations/${target}.yaml`, ROOT)),
    );
    for (const { fault, clauses, sent, avoided } of list.faults) {
      assert.ok(page.includes(`## ${fault}\n`) && page.includes(sent), `${target}: ${fault}`);
      const known = file.expect.some(({ reason }) =>
        reason.startsWith(fault + (clauses.length > 0 ? " [" : ". "))
      );
      assert.equal(known, avoided === undefined, `${target}: whether a case fails for: ${fault}`);
    }
  }
});
