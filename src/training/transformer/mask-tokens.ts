/**
 * What a masked language model is asked: of the tokens a share is chosen; of the chosen ones 80 % become the mask, 10 % another token, 10 % stay.
 * Devlin et al. 2019, https://arxiv.org/abs/1810.04805, section 3.1; `DataCollatorForLanguageModeling` of transformers.
 */

export interface MaskOptions {
  /** Share of the tokens that are asked for. */
  readonly share: number;
  readonly maskId: number;
  readonly vocabularySize: number;
  /** Ids that are never asked for: special tokens. */
  readonly special: ReadonlySet<number>;
  readonly random: () => number;
}

export interface MaskedTokens {
  /** The tokens with the chosen ones hidden. */
  readonly ids: Int32Array;
  /** Which were chosen, ascending. */
  readonly positions: Int32Array;
  /** What they were. */
  readonly labels: Int32Array;
}

/** Chooses at least one token, if there is one that is not special. */
export function maskTokens(
  tokens: Int32Array,
  { share, maskId, vocabularySize, special, random }: MaskOptions,
): MaskedTokens {
  const ids = tokens.slice();
  const positions: number[] = [];
  for (let i = 0; i < tokens.length; i += 1) if (!special.has(tokens[i]) && random() < share) positions.push(i);
  if (positions.length === 0) {
    const candidates = [...tokens.keys()].filter((i) => !special.has(tokens[i]));
    if (candidates.length > 0) positions.push(candidates[Math.floor(random() * candidates.length)]);
  }
  for (const i of positions) {
    const draw = random();
    if (draw < 0.8) ids[i] = maskId;
    else if (draw < 0.9) ids[i] = Math.floor(random() * vocabularySize);
  }
  return { ids, positions: Int32Array.from(positions), labels: Int32Array.from(positions, (i) => tokens[i]) };
}
