/** A folder for a test; disposing it removes it and its content. */
export class TestFolder implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "attest-test-" });

  /** Writes a file into it and returns its path. */
  write(name: string, text: string): string {
    const path = `${this.path}/${name}`;
    Deno.mkdirSync(path.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.writeTextFileSync(path, text);
    return path;
  }

  /** Returns the text of a file in it. */
  read(name: string): string {
    return Deno.readTextFileSync(`${this.path}/${name}`);
  }

  /** Returns the names in one of its folders. */
  names(below = "."): readonly string[] {
    return [...Deno.readDirSync(`${this.path}/${below}`)].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Returns the text of a suite file with broker cases in 3.1.1; `cases` is indented by two. */
export function suiteText(cases: string, name = "own"): string {
  return `suite: ${name}\ntitle: A suite of a test\nprotocols: ["3.1.1"]\ncases:\n${cases}`;
}

/** A case that any broker passes. */
export const PASSES = "  - { case: passes, purpose: it MUST answer, steps: [c -> CONNECT, c <- CONNACK] }\n";
/** A case that no correct broker passes. */
export const FAILS =
  "  - { case: fails, purpose: it MUST ping, steps: [c -> CONNECT, c <- CONNACK, c -> PINGREQ, c <- PUBACK] }\n";
