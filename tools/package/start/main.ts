#!/usr/bin/env node
/**
 * The command that the npm package installs. It runs in Node, starts the Deno of npm's package `deno` with
 * the permissions of the called command, and passes on signals and the exit status.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { guard } from "./guard.ts";
import { commandNames, invocation, type Manifest, readWords } from "./invocation.ts";

const HOME = fileURLToPath(new URL("../../../", import.meta.url));
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const WRONG = 2;
const NO_DENO = 3;

const words = readWords(process.argv.slice(2));
const manifest: Manifest = JSON.parse(readFileSync(`${HOME}deno.json`, "utf8"));
const names = commandNames(manifest);
const [name = ""] = words.rest;

if (words.show && !names.includes(name)) {
  refuse(`--show-permissions expects a command, found "${name}": one of ${names.join(", ")}`, WRONG);
} else {
  try {
    const { permissions, args } = invocation(manifest, HOME, words);
    if (words.show) console.log(permissions.join("\n"));
    else run(args);
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error), WRONG);
  }
}

function refuse(message: string, status: number): void {
  console.error(`error: ${message}`);
  process.exitCode = status;
}

function run(args: readonly string[]): void {
  let deno: string;
  try {
    // The bin of the package waits for Deno without passing on signals, so only the program's path is used.
    deno = createRequire(import.meta.url)("deno/install_api.cjs").runInstall();
  } catch (error) {
    const place = `${process.platform} ${process.arch}`;
    refuse(`npm's package "deno" has no program for ${place}: ${String(error)}`, NO_DENO);
    console.error("Install again with optional dependencies: npm install --include=optional");
    return;
  }
  const child = spawn(deno, args, {
    stdio: "inherit",
    // attest starts the same Deno again, by its name, for helper processes.
    env: {
      ...process.env,
      PATH: `${dirname(deno)}${delimiter}${process.env.PATH ?? ""}`,
      DENO_NO_UPDATE_CHECK: "1",
    },
  });
  const release = child.pid === undefined ? () => {} : guard(child.pid);
  // attest itself treats a signal that comes twice, from the terminal and from here, as one.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`error: cannot start ${deno}: ${error.message}`);
    process.exit(NO_DENO);
  });
  child.on("exit", (code, signal) => {
    release();
    if (signal === null) process.exit(code ?? NO_DENO);
    for (const one of SIGNALS) process.removeAllListeners(one);
    process.kill(process.pid, signal);
  });
}
