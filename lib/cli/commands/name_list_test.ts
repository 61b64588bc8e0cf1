import assert from "node:assert/strict";
import { targetNames } from "../../catalog/targets.ts";
import { loadTarget } from "../../target/target_file.ts";
import { said } from "../test_screen.ts";
import { startText } from "./name_list.ts";

Deno.test("list --targets has a line for each target that ships, which says what it tests and how it starts", async () => {
  const { status, out } = await said("list", "--targets");
  assert.equal(status, 0);
  assert.equal(out.split("\n").length, 1 + (await targetNames()).length);
  assert.match(out, /^mosquitto +broker +starts mosquitto +Eclipse Mosquitto, as packaged by Debian$/m);
  assert.match(out, /^reference +broker +attest's own, in this process +attest's own reference broker$/m);
  assert.match(out, /^rabbitmq +broker +starts rabbitmq-server +RabbitMQ/m);
  assert.match(out, /^qmt +module +attest's own, on a pty +/m);
});

Deno.test("list --profiles and --dialects have a line for each name, and print all of them as JSON too", async () => {
  assert.match((await said("list", "--profiles")).out, /^soak +Soak: 2,000 messages per second/m);
  assert.match(
    (await said("list", "--dialects")).out,
    /^ecmt +Eigencomm AT\+ECMT, [^\n]*\nesp +[^\n]*\nqmt +Quectel/m,
  );
  const dialects: unknown = JSON.parse((await said("list", "--dialects", "--json")).out);
  assert.ok(Array.isArray(dialects));
  assert.deepEqual(dialects[0], { dialect: "ecmt", title: "Eigencomm AT+ECMT, MQTT 3.1 and 3.1.1" });
});

Deno.test("list shows one kind at a time, whole", async () => {
  for (
    const [words, told] of [
      [["--targets", "--profiles"], /'--targets' cannot be used with option '--profiles'/],
      [["--dialects", "--clauses"], /'--dialects' cannot be used with option '--clauses'/],
      [["--targets", "mosquitto"], /^--targets lists all that ship; leave out mosquitto$/],
    ] as const
  ) {
    const { status, out, err } = await said("list", ...words);
    assert.equal(status, 2);
    assert.equal(out, "");
    assert.match(err, told);
  }
});

Deno.test("startText() shows the address of a target that has one", () => {
  const text = "target: t\ntitle: T\ntests: broker\naddress: mqtt://192.0.2.1\n";
  const { target } = loadTarget(text, "t.yaml");
  assert.equal(target && startText(target), "runs at mqtt://192.0.2.1");
});
