import assert from "node:assert/strict";
import {
  byShape,
  duration,
  fileSchema,
  flag,
  type Form,
  integer,
  located,
  named,
  Report,
  text,
  word,
} from "./form.ts";
import { list, mapOf, object } from "./form_parts.ts";
import { readYaml } from "./yaml.ts";

interface Person {
  readonly name: string;
  readonly age: number | undefined;
  readonly children: readonly Person[];
}

const PERSON: Form<Person> = named("person", () =>
  object("a person", (keys) => {
    const name = keys.required("name", text({ what: "a name", pattern: /^[A-Z]/ }), "how they are called");
    const age = keys.optional("age", integer({ most: 150 }), "in years");
    const children = keys.optional("children", list(PERSON), "theirs") ?? [];
    return name === undefined ? undefined : { name, age, children };
  }));

function read<T>(form: Form<T>, yaml: string): { value: T | undefined; problems: readonly string[] } {
  const { root } = readYaml(yaml, "f.yaml");
  assert.ok(root);
  const report = new Report();
  const value = form.read(root, report);
  return {
    value,
    problems: report.problems.map(({ message, hint }) =>
      hint === undefined ? message : `${message}; ${hint}`
    ),
  };
}

Deno.test("a form reads what it declares", () => {
  const { value, problems } = read(PERSON, "name: Ada\nage: 36\nchildren: [{ name: Byron }]");
  assert.deepEqual(problems, []);
  assert.deepEqual(value, {
    name: "Ada",
    age: 36,
    children: [{ name: "Byron", age: undefined, children: [] }],
  });
});

Deno.test("a form reports all mistakes at once and keeps what is right", () => {
  const { value, problems } = read(
    PERSON,
    "nmae: Ada\nage: 200\nchildren: [{ name: Byron }, 5, { name: x }]",
  );
  assert.equal(value, undefined);
  assert.deepEqual(problems, [
    'a person without "name"; add name:',
    "200 is out of range; 0 to 150",
    "expected a person, found 5; write key: value",
    'expected a name, found "x"',
    'unknown key "nmae" in a person; did you mean name?',
  ]);
});

Deno.test("wrong scalars are reported", () => {
  assert.deepEqual(read(word(["must", "should"], "level"), "shuold").problems, [
    'unknown level "shuold"; did you mean should?',
  ]);
  assert.deepEqual(read(flag(), "yes").problems, ['expected true or false, found "yes"']);
  assert.deepEqual(read(duration(), "5").problems, [
    "expected a duration, found 5; such as 500ms, 2s, 1.5s or 2m",
  ]);
  assert.deepEqual(read(integer(), "1.5").problems, ["expected a whole number, found 1.5"]);
  assert.deepEqual(read(text(), "[a]").problems, ["expected text, found a list"]);
  assert.deepEqual(read(text({ longest: 2 }), "abc").problems, ["expected at most 2 characters, found more"]);
});

Deno.test("byShape() chooses by scalar, list or map", () => {
  const form = byShape<unknown>("a thing", { scalar: integer(), list: list(integer()) });
  assert.equal(read(form, "5").value, 5);
  assert.deepEqual(read(form, "[5, 6]").value, [5, 6]);
  assert.deepEqual(read(form, "{ a: 1 }").problems, ["expected a thing, found a map"]);
});

Deno.test("mapOf() keeps order and places, and checks its keys", () => {
  const form = mapOf({ what: "a word", pattern: /^[a-z]+$/ }, located(integer()));
  const { value } = read(form, "b: 1\na: 2");
  assert.deepEqual(value?.map(({ name, value }) => [name, value.value, value.place.column]), [["b", 1, 4], [
    "a",
    2,
    4,
  ]]);
  assert.deepEqual(read(form, "B: 1").problems, ['expected a word, found "B"']);
});

Deno.test("a form describes itself as a JSON Schema, even if it contains itself", () => {
  const person = {
    type: "object",
    properties: {
      name: {
        type: ["string", "number", "boolean"],
        pattern: "^[A-Z]",
        description: "how they are called",
      },
      age: { type: "integer", minimum: 0, maximum: 150, description: "in years" },
      children: { type: "array", items: { $ref: "#/$defs/person" }, description: "theirs" },
    },
    required: ["name"],
    additionalProperties: false,
  };
  assert.deepEqual(fileSchema(PERSON, "people"), {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "people",
    $ref: "#/$defs/person",
    $defs: { person },
  });
});
