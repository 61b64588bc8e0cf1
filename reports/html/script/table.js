import { make } from "./make.js";

const BLOCK = 40;
/** The assumed height of a row before it is measured, in px. */
const HEIGHT = 34;
/** Blocks within this distance of the window are filled. */
const MARGIN = "1500px";

/**
 * A table that holds only the rows near the window, so 30,000 rows cost as much as 200. `makeRows` returns the rows of an item.
 * Items are grouped in blocks of one `tbody` each; a distant block is one empty row of the same height.
 */
export function virtualTable(table, makeRows) {
  let blocks = [];
  const byBody = new WeakMap();
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      const block = byBody.get(target);
      if (block === undefined) continue;
      if (isIntersecting) fill(block);
      // Keep the first rows so that they are visible at once when the reader reaches the table.
      else if (block.from > 0 && !target.contains(document.activeElement)) clear(block);
    }
  }, { rootMargin: `${MARGIN} 0px` });

  function fill(block) {
    if (block.filled) return;
    block.filled = true;
    block.body.replaceChildren(...block.items.flatMap((item, at) => makeRows(item, block.from + at)));
  }

  function clear(block) {
    const height = block.filled ? block.body.offsetHeight : block.items.length * HEIGHT;
    block.filled = false;
    const cell = make("td");
    cell.colSpan = 5;
    cell.style.height = `${height}px`;
    const gap = make("tr", "gap", cell);
    gap.setAttribute("aria-hidden", "true");
    block.body.replaceChildren(gap);
  }

  return {
    /** Shows these items instead of the previous ones. */
    show(items) {
      watch.disconnect();
      for (const { body } of blocks) body.remove();
      blocks = [];
      for (let from = 0; from < items.length; from += BLOCK) {
        const block = { body: make("tbody"), items: items.slice(from, from + BLOCK), from, filled: false };
        byBody.set(block.body, block);
        blocks.push(block);
        if (from === 0) fill(block);
        else clear(block);
      }
      table.append(...blocks.map(({ body }) => body));
      table.setAttribute("aria-rowcount", String(items.length + 1));
      for (const { body } of blocks) watch.observe(body);
    },
    /** Fills the block of an item, so that its row can be scrolled to. */
    reveal(item) {
      const block = blocks.find(({ items }) => items.includes(item));
      if (block !== undefined) fill(block);
    },
  };
}
