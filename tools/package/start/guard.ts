/** Ends the started Deno if the command that waits for it is killed, because it cannot pass on that signal. */
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/**
 * Waits for the end of its input, which the system closes together with the process that holds it, and ends
 * process `$1`.
 */
const SCRIPT = 'read line; kill -TERM "$1"';

/**
 * Guards the process `pid`: if this process dies without calling the returned function, the guard sends
 * SIGTERM to `pid`. Does nothing on Windows, which has no `sh`.
 */
export function guard(pid: number): () => void {
  if (process.platform === "win32") return () => {};
  let shell: ChildProcess;
  try {
    // In its own process group: a Ctrl-C of the terminal must not end it.
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
