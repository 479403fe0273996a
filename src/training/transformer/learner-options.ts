/** What a transformer that learns starts from. */
import type { ModelSource } from "../../hub/folder.ts";
import type { PoolingMode } from "../../texts/modules/pooling.ts";
import type { Tokenizer } from "../../tokenizers/index.ts";
import type { SessionOptions } from "../../transformers/session.ts";
import type { LoraOptions } from "./lora.ts";
import type { TrainedPartOptions } from "./trained-part.ts";

/** Where the weights come from: a folder or a name on the hub, or random numbers. */
export interface TransformerStart extends SessionOptions {
  readonly model?: ModelSource | undefined;
  /** What config.json is to say of a model that begins at random; `vocab_size` and `pad_token_id` come from the tokenizer. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Of a model that begins at random. */
  readonly tokenizer?: Tokenizer | undefined;
  /** Of random weights. Default 42. */
  readonly seed?: number | undefined;
  /** Most tokens of a text, special tokens included, in place of what the folder says. */
  readonly maxLength?: number | undefined;
}

export interface TransformerLearnerOptions extends TransformerStart, TrainedPartOptions {
  /** How token vectors become one, where no folder says it. Default "mean". */
  readonly pooling?: PoolingMode | undefined;
  /** Small matrices beside the linear layers learn, in place of the weights themselves. `true` takes the defaults. */
  readonly lora?: LoraOptions | boolean | undefined;
}
