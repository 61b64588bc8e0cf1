/** Ends the started Deno if the command that waits for it is killed, which can't pass on that signal. */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/** Waits for the end of its input, which the system closes with the process that holds it, and ends process `$1`. */
const SCRIPT = 'read line; kill -TERM "$1"';

/**
 * Guards the process `pid`: if this process dies without calling the function that is returned, the guard sends SIGTERM
 * to `pid`. On Windows, which has no `sh`, it does nothing.
 */
export function guard(pid: number): () => void {
  if (process.platform === "win32") return () => {};
  let shell: ChildProcess;
  try {
    // A group of its own: a Ctrl-C of the terminal must not end it.
    shell = spawn("sh", ["-c", SCRIPT, "sh", String(pid)], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
  } catch {
    return () => {};
  }
  // Without a shell there is no guard, and nothing else changes.
  shell.on("error", () => {});
  shell.unref();
  return () => {
    shell.kill("SIGKILL");
  };
}
