/** Which token of a model's tokenizer plays a role, such as the mask: what its files say, else the name that most models use. */
import { type ModelFolder, readJsonIfPresent } from "../hub/folder.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { readToken, type Role, type TokenizerConfig } from "./tokenizer-config.ts";

const files = ["tokenizer_config.json", "special_tokens_map.json"] as const;
/** For folders without those files; the first that the vocabulary has. */
const usual: Readonly<Partial<Record<Role, readonly string[]>>> = {
  mask_token: ["[MASK]", "<mask>"],
  unk_token: ["[UNK]", "<unk>"],
  pad_token: ["[PAD]", "<pad>"],
};

/** The token's text; undefined when the tokenizer has none for the role. Throws `invalid-file` for a file that names none by a text. */
export async function specialToken(folder: ModelFolder, tokenizer: Tokenizer, role: Role): Promise<string | undefined> {
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- the first that says something counts
    const config = await readJsonIfPresent<TokenizerConfig>(folder, file);
    const token = readToken(config?.[role], role);
    const content = typeof token === "string" ? token : token?.content;
    if (content !== undefined && tokenizer.tokenToId(content) !== undefined) return content;
  }
  return usual[role]?.find((token) => tokenizer.tokenToId(token) !== undefined);
}
