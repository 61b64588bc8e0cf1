/** The value that `packed.ts` wrote into the element with this id. */
export async function unpack(id) {
  const element = document.getElementById(id);
  if (element === null) return undefined;
  const bytes = Uint8Array.from(atob(element.textContent), (character) => character.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(plain).text());
}

const KEPT = 4;
const blocks = new Map();

/** The details of a case. The last few blocks stay unpacked, because a reader often opens neighbours. */
export async function detailsOf(number, size) {
  const block = Math.floor(number / size);
  const found = blocks.get(block) ?? unpack(`details-${block}`);
  blocks.delete(block);
  blocks.set(block, found);
  if (blocks.size > KEPT) blocks.delete(blocks.keys().next().value);
  return (await found)[number % size];
}
