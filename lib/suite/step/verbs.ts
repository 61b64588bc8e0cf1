/** All verbs; a new one is a file and a line here. */
export { all } from "./all.ts";
export { attempt } from "./attempt.ts";
export { drop } from "./drop.ts";
export { either } from "./either.ts";
export { expect } from "./expect.ts";
export { generate } from "./generate.ts";
export { given } from "./given.ts";
export { ignore } from "./ignore.ts";
export { nothing } from "./nothing.ts";
export { open } from "./open.ts";
export { poll } from "./poll.ts";
export { repeat } from "./repeat.ts";
export { restart } from "./restart.ts";
export { send } from "./send.ts";
export { sequence } from "./sequence.ts";
export { tried } from "./tried.ts";
export { wait } from "./wait.ts";
