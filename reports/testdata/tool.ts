/** Whether a program that a test needs is there; says so on the console when it is not, so that a skip is seen. */
export function missing(program: string): boolean {
  const dirs = (Deno.env.get("PATH") ?? "/usr/bin:/bin").split(":");
  const found = dirs.some((dir) => {
    try {
      return Deno.statSync(`${dir}/${program}`).isFile;
    } catch {
      return false;
    }
  });
  if (!found) console.log(`Skipped: a test needs "${program}", which is not installed`);
  return !found;
}

/** Runs a program on `input` and gives what it wrote; fails with its messages when it ends with another status. */
export async function run(program: string, args: readonly string[], input: Uint8Array): Promise<string> {
  const command = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  const written = writer.write(input).then(() => writer.close());
  const [output] = await Promise.all([child.output(), written]);
  const text = new TextDecoder();
  if (output.success) return text.decode(output.stdout);
  throw new Error(`${program} ended with ${output.code}: ${text.decode(output.stderr).slice(0, 2000)}`);
}
