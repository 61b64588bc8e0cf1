import type { Form } from "../../spec/form.ts";
import { describeNode } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { NAME } from "../field/name.ts";

/** A name that the file gives to something, such as a received packet. */
export function nameForm(): Form<string> {
  return {
    read(node, report) {
      if (node.kind === "scalar" && NAME.test(node.source)) return node.source;
      const what = node.kind === "scalar" ? quote(node.source) : describeNode(node);
      report.add(
        `expected a name, found ${what}`,
        node.place,
        "use letters, digits and _, no digit first, without $",
      );
      return undefined;
    },
    schema: () => ({ type: "string", pattern: NAME.source }),
  };
}
