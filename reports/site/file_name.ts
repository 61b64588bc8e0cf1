/** The most characters of a file's name, without number and extension. */
const LONGEST = 60;

/** Makes names of HTML files from texts: only ASCII letters, digits, dots and hyphens, and unique in a folder. */
export class FileNames {
  readonly #taken = new Set<string>();

  /** The path of a new file in a folder, such as `targets/mqtt-127.0.0.1-1883.html`. */
  of(folder: string, text: string): string {
    const name = text.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-").replaceAll(/\.{2,}/g, ".").slice(
      0,
      LONGEST,
    )
      .replaceAll(/^[-.]+|[-.]+$/g, "");
    const base = `${folder}/${name === "" ? "unnamed" : name}`;
    let path = `${base}.html`;
    for (let number = 2; this.#taken.has(path); number++) path = `${base}-${number}.html`;
    this.#taken.add(path);
    return path;
  }
}
