/** All matchers. A new one needs a file and a line here. */
export { anyOrder } from "./matcher/any_order.ts";
export { between } from "./matcher/between.ts";
export { contains } from "./matcher/contains.ts";
export { inOrder } from "./matcher/in_order.ts";
export { not } from "./matcher/not.ts";
export { oneOf } from "./matcher/one_of.ts";
export { optional } from "./matcher/optional.ts";
export { prefix } from "./matcher/prefix.ts";
export { size } from "./matcher/size.ts";
export { sum } from "./matcher/sum.ts";
