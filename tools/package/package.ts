/** Runs `deno task package`: writes the npm package to `dist/`. */
import { buildPackage } from "./build.ts";
import { MOST_BYTES } from "./naming.ts";

const PROJECT = new URL("../../", import.meta.url);
const DIST = new URL("dist/", PROJECT);

if (import.meta.main) {
  await Deno.mkdir(DIST, { recursive: true });
  const { file, bytes, paths } = await buildPackage(PROJECT, new URL("build/", DIST));
  if (bytes.length > MOST_BYTES) {
    console.error(`error: ${file} has ${bytes.length} bytes; expected at most ${MOST_BYTES}`);
    Deno.exit(1);
  }
  await Deno.writeFile(new URL(file, DIST), bytes);
  console.log(`dist/${file}: ${paths.length} files, ${Math.round(bytes.length / 1000)} kB`);
}
