/**
 * The program that runs the reference broker in a separate process, so broker and load do not share a CPU. It prints its port,
 * and ends when its standard input ends, so it never outlives the program that started it.
 */
import { Broker } from "../../broker/broker.ts";

await using broker = await Broker.start({ defects: Deno.args });
console.log(JSON.stringify({ port: broker.address.port, pid: Deno.pid }));
const input = new Uint8Array(64);
while (await Deno.stdin.read(input).catch(() => null) !== null);
