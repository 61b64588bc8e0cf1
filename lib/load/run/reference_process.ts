/**
 * The reference broker as a process of its own, so that it does not take the CPU that a load is to use. It says where it
 * listens, and ends when its standard input does: so it never outlives whoever started it.
 */
import { Broker } from "../../broker/broker.ts";

await using broker = await Broker.start({ defects: Deno.args });
console.log(JSON.stringify({ port: broker.address.port, pid: Deno.pid }));
const input = new Uint8Array(64);
while (await Deno.stdin.read(input).catch(() => null) !== null);
