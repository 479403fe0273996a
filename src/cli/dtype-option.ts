/** `--dtype`: in what numbers a transformer computes. */
import type { Option } from "./arguments.ts";

export const dtypeOption: Option & { readonly type: "string"; readonly choices: readonly ["float32", "int8"] } = {
  type: "string",
  value: "NAME",
  choices: ["float32", "int8"],
  default: "float32",
  describe: "Numbers that a transformer computes in; int8 is 2 to 3 times as fast and a little less exact",
};
