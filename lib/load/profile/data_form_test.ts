import assert from "node:assert/strict";
import { loadProfile } from "./load_profile.ts";

function mistakes(head: string, group = "", read = (): string => "name\nann\n") {
  const text = `profile: p
title: P
${head}
stages: [{ hold: 1s }]
groups:
  - { group: g, role: publish, clients: 1, publish: { topic: t, rate: 1 }${group} }
`;
  return loadProfile(text, "p.yaml", undefined, undefined, read).problems
    .map(({ place, message }) => `${place.line}:${place.column} ${message}`);
}

Deno.test("mistakes in data files are reported where the profile names them", () => {
  assert.deepEqual(mistakes("data: { users: users.csv }", ", user-name: $users.name"), []);
  assert.deepEqual(mistakes("data: { client: users.csv }"), [
    '3:17 a file of data with the name "client" of a word',
  ]);
  assert.deepEqual(mistakes("data: { users: { file: users.csv, per: topic } }").length, 1);
  const failing = () => {
    throw new Error("No such file");
  };
  assert.deepEqual(mistakes("data: { users: users.csv }", "", failing), [
    '3:16 the file "users.csv" can\'t be read',
  ]);
  assert.deepEqual(mistakes("data: { users: users.csv }", "", () => "a,b\n1\n"), [
    '3:16 the file "users.csv" can\'t be used: its row 1 has 1 values; its header has 2',
  ]);
});

Deno.test("a column that a file does not have, and rows of messages for a client, are reported in the template", () => {
  const users = "data: { users: users.csv }";
  assert.deepEqual(mistakes(users, ", user-name: $users.pass"), ['6:87 unknown word "$users.pass"']);
  assert.deepEqual(
    mistakes("data: { users: { file: users.csv, per: message } }", ", user-name: $users.name"),
    [
      '6:87 "$users.name" has a row for each message, but this text is the same for all messages of a client',
    ],
  );
});

Deno.test("an exact payload needs a place for its mark that its messages have", () => {
  const exact = (publish: string, protocol = '"5.0"') =>
    loadProfile(
      `profile: p
title: P
protocol: ${protocol}
stages: [{ hold: 1s }]
groups: [{ group: g, role: publish, clients: 1, publish: { topic: t, rate: 1, ${publish} } }]
`,
      "p.yaml",
    ).problems.map(({ message }) => message);
  assert.deepEqual(exact("payload: { exact: x, mark: user-property }"), []);
  assert.deepEqual(exact("payload: { exact: x }"), ["an exact payload without a place for the mark"]);
  assert.deepEqual(exact("payload: { exact: $mark, mark: topic }"), [
    "a mark in a payload that is sent exactly as given",
  ]);
  assert.deepEqual(exact("payload: { size: 20, mark: topic }"), [
    "a place for the mark of a payload that contains it",
  ]);
  assert.deepEqual(exact("payload: { exact: x, mark: user-property }", '"3.1.1"'), [
    'mark: user-property in the group "g" with MQTT 3.1.1',
  ]);
  assert.deepEqual(exact("payload: { exact: x, mark: topic }, retain: true"), [
    'retained messages in the group "g" with an exact payload',
  ]);
});
