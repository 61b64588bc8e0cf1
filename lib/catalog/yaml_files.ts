/** Returns the YAML files of a folder, sorted by name, without subfolders. */
export async function yamlFilesIn(folder: URL): Promise<readonly URL[]> {
  return (await entriesOf(folder)).filter(isYamlFile).map(({ name }) => new URL(name, folder));
}

/** Returns the YAML files of a folder and all its subfolders, except the files and folders named in `except`. */
export async function yamlFilesBelow(folder: URL, except: readonly string[] = []): Promise<readonly URL[]> {
  const entries = (await entriesOf(folder)).filter(({ name }) => !except.includes(name));
  const found = await Promise.all(entries.map(async (entry) => {
    if (entry.isDirectory) return await yamlFilesBelow(new URL(`${entry.name}/`, folder), except);
    return isYamlFile(entry) ? [new URL(entry.name, folder)] : [];
  }));
  return found.flat();
}

/** Returns the names of the YAML files of a folder, sorted, without `.yaml`. */
export async function yamlNamesIn(folder: URL): Promise<readonly string[]> {
  return (await entriesOf(folder)).filter(isYamlFile).map(({ name }) => name.slice(0, -".yaml".length))
    .sort();
}

function isYamlFile(entry: Deno.DirEntry): boolean {
  return !entry.isDirectory && entry.name.endsWith(".yaml");
}

async function entriesOf(folder: URL): Promise<readonly Deno.DirEntry[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
}
