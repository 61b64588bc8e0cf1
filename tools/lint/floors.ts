import { floorProblem } from "./house.ts";

/** A lint plugin: an import from a floor above or beside is an error. */
const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    floors: {
      create(context) {
        const root = new URL("../../", import.meta.url).pathname;
        const file = context.filename.startsWith(root)
          ? context.filename.slice(root.length)
          : context.filename;
        // A test may import a neighbour to compare its subject with.
        if (/_test\.tsx?$/.test(file)) return {};
        const check = (node: Deno.lint.StringLiteral) => {
          const message = floorProblem(file, node.value);
          if (message) {
            context.report({ node, message, hint: "Move the shared part down, or pass it in from above" });
          }
        };
        return {
          ImportDeclaration: (node) => check(node.source),
          ExportAllDeclaration: (node) => check(node.source),
          ExportNamedDeclaration: (node) => {
            if (node.source) check(node.source);
          },
        };
      },
    },
  },
};

export default plugin;
