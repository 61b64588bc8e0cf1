import assert from "node:assert/strict";
import { clientHooks } from "./changes.ts";
import { CLIENT_DEFECTS } from "./defects.ts";
import { HONEST } from "./hooks.ts";

Deno.test("every defect of the virtual client has an id of its own, says what is wrong, and changes a hook", () => {
  assert.equal(new Set(CLIENT_DEFECTS.map(({ id }) => id)).size, CLIENT_DEFECTS.length);
  for (const { id, description } of CLIENT_DEFECTS) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(description, /[^.]$/);
    assert.notDeepEqual(clientHooks({ defects: [id] }), HONEST, id);
  }
});

Deno.test("an unknown defect is refused with the nearest one that exists", () => {
  assert.throws(() => clientHooks({ defects: ["dup-mising"] }), {
    name: "RangeError",
    message: 'The virtual client has no defect "dup-mising"; did you mean dup-missing?',
  });
});
