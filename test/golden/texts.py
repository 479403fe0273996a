"""Fixtures of src/texts by sentence-transformers: modules on small arrays, two tiny random models with their folders
(newer and older schema), and vectors of the real MiniLM and mpnet.

    HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/texts.py

Writes texts.json, texts-real.json (only where the real models are fetched), texts/new-schema and texts/old-schema.
"""

import base64
import json
import os
import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import sentence_transformers
import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel, PreTrainedTokenizerFast

here = Path(__file__).parent
torch.manual_seed(3)

NASTY = [
    "", " ", "\n\t ", "a", "Best movie ever!", "Die Straße ist naß; ÀÉÎÕÜ ñ ç.", "😀 and 👩‍👩‍👧‍👦 and 🇩🇪 flags",
    "\u200d\u200d\u200b", "שלום עולם", "مرحبا بالعالم", "日本語のテキスト と 漢字", "e\u0301 vs é, ﬁ vs fi",
    "[CLS] special [SEP] tokens [MASK]", "x" * 300, "word " * 400, "\x00\x01\x02 control", "A SHOUTED SENTENCE.",
]


def packed(array):
    """Float32, little endian, base64; the tests know the shape."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def files_of(folder):
    names = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): base64.b64encode(path.read_bytes()).decode() for path in names}


# ---- modules on small arrays ----------------------------------------------------------------------------------------

MODES = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
MASK = [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [0, 0, 1, 1, 1], [1, 0, 0, 0, 0]]


def pooling_cases():
    hidden = torch.randn(4, 5, 3)
    cases = []
    for modes in [*[[mode] for mode in MODES], ["lasttoken", "cls", "mean"], MODES]:
        for prompt_length in (0, 2):
            module = Pooling(3, modes, include_prompt=prompt_length == 0)
            features = {"token_embeddings": hidden.clone(), "attention_mask": torch.tensor(MASK), "prompt_length": prompt_length}
            vectors = module(features)["sentence_embedding"]
            cases.append({"modes": modes, "promptLength": prompt_length, "vectors": packed(vectors)})
    return {"mask": MASK, "hidden": packed(hidden), "cases": cases}


def module_cases(folder):
    vectors = torch.randn(3, 6)
    modules = {
        "Dense": [
            Dense(6, 4), Dense(6, 4, bias=False, activation_function=torch.nn.ReLU()), Dense(6, 6, activation_function=torch.nn.GELU(), use_residual=True),
            Dense(6, 5, activation_function=torch.nn.Sigmoid(), use_residual=True), Dense(6, 4, activation_function=torch.nn.Identity()),
            Dense(6, 4, activation_function=torch.nn.SiLU()),
        ],
        "LayerNorm": [LayerNorm(6)],
        "Normalize": [Normalize()],
    }
    torch.nn.init.normal_(modules["LayerNorm"][0].norm.weight)
    torch.nn.init.normal_(modules["LayerNorm"][0].norm.bias)
    cases = []
    for kind, made in modules.items():
        for module in made:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            module.save(str(folder))
            with torch.no_grad():
                result = module({"sentence_embedding": vectors.clone()})["sentence_embedding"]
            cases.append({"kind": kind, "files": files_of(folder), "vectors": packed(result)})
    shutil.rmtree(folder)
    return {"vectors": packed(vectors), "cases": cases}


# ---- tiny models ----------------------------------------------------------------------------------------------------


def tokenizer(cased):
    words = ["movie", "best", "ever", "word", "special", "tokens", "and", "query", "document", "sentence", "##s", "##ing"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?-'éß漢本שםمر😀"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words, *letters, *("##" + c for c in letters)]
    if cased:
        vocabulary += ["A", "##S"]
    ids = {token: i for i, token in enumerate(dict.fromkeys(vocabulary))}
    made = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=not cased, strip_accents=False)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])]
    )
    made.decoder = decoders.WordPiece()
    return made, len(ids)


def save_transformer(folder, *, cased, config_class, model_class, maximum):
    shutil.rmtree(folder, ignore_errors=True)
    made, size = tokenizer(cased)
    sizes = {"vocab_size": size, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 40}
    config = config_class(**sizes, max_position_embeddings=40, pad_token_id=0)
    model = model_class(config, add_pooling_layer=False).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.25)
    model.save_pretrained(folder)
    names = {name: f"[{name[:-6].upper()}]" for name in ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")}
    PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=maximum, **names).save_pretrained(folder)


def new_schema(folder):
    """Everything that the newer schema can say: listed poolings, no prompt in them, residual Dense, LayerNorm, prompts, truncate_dim."""
    save_transformer(folder, cased=False, config_class=BertConfig, model_class=BertModel, maximum=32)
    dense = Dense(64, 16, activation_function=torch.nn.GELU(), use_residual=True)
    norm = LayerNorm(16)
    torch.nn.init.normal_(norm.norm.weight)
    parts = [Transformer(str(folder)), Pooling(32, ("mean", "cls"), include_prompt=False), dense, norm, Normalize()]
    prompts = {"query": "query: ", "document": "document: ", "other": "best "}
    model = SentenceTransformer(modules=parts, prompts=prompts, default_prompt_name="other", similarity_fn_name="dot", truncate_dim=12)
    shutil.rmtree(folder)
    model.save_pretrained(str(folder), create_model_card=False)


def old_schema(folder):
    """The older schema: booleans for pooling, max_seq_length, do_lower_case over a cased tokenizer, 16-bit weights; MPNet, whose positions depend on the padding id."""
    save_transformer(folder, cased=True, config_class=MPNetConfig, model_class=MPNetModel, maximum=1000)
    weights = {name: tensor.half() for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    config["dtype"] = "float16"
    (folder / "config.json").write_text(json.dumps(config))
    types = ["Transformer", "Pooling", "Dense"]
    listed = [{"idx": i, "name": str(i), "path": f"{i}_{kind}" if i else "", "type": f"sentence_transformers.models.{kind}"} for i, kind in enumerate(types)]
    (folder / "modules.json").write_text(json.dumps(listed))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 24, "do_lower_case": True}))
    (folder / "1_Pooling").mkdir()
    booleans = {f"pooling_mode_{name}": name in ("max_tokens", "mean_tokens") for name in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")}
    (folder / "1_Pooling/config.json").write_text(json.dumps({"word_embedding_dimension": 32, **booleans}))
    (folder / "2_Dense").mkdir()
    Dense(64, 10).save(str(folder / "2_Dense"))
    old = {"in_features": 64, "out_features": 10, "bias": True, "activation_function": "torch.nn.modules.activation.Tanh"}
    (folder / "2_Dense/config.json").write_text(json.dumps(old))


def expectations(folder):
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    many = NASTY * 2
    result = {
        "dimensions": model.get_embedding_dimension(),
        "maxLength": model.max_seq_length,
        "similarity": packed(model.similarity(model.encode(NASTY), model.encode(NASTY[:5]))),
        "encode": packed(model.encode(NASTY)),
        "encodeQuery": packed(model.encode_query(NASTY)),
        "encodeDocument": packed(model.encode_document(NASTY)),
        "prompt": packed(model.encode(NASTY, prompt="sentence ")),
        "normalize": packed(model.encode(NASTY, normalize_embeddings=True)),
        "truncateDim": packed(model.encode(NASTY, truncate_dim=5)),
        "both": packed(model.encode(NASTY, truncate_dim=5, normalize_embeddings=True)),
        "tokens": [packed(vectors) for vectors in model.encode(NASTY, output_value="token_embeddings")],
    }
    for precision in ("int8", "uint8", "binary", "ubinary"):
        codes = model.encode(many, precision=precision)
        result[precision] = codes.tolist()
    if "other" in model.prompts:
        result["promptName"] = packed(model.encode(NASTY, prompt_name="other"))
    return result


def bare(folder, copy):
    """The same transformer without the files of sentence-transformers."""
    shutil.copytree(folder, copy)
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (copy / name).unlink(missing_ok=True)
    model = SentenceTransformer(str(copy), device="cpu")
    vectors = packed(model.encode(NASTY))
    shutil.rmtree(copy)
    return vectors


def real(name, texts):
    folder = Path.home() / ".cache/semspace/models" / name
    if not folder.exists():
        return None
    model = SentenceTransformer(str(folder), device="cpu")
    return packed(model.encode(texts))


def onnx_only(name, texts):
    """First token's vector, length 1, as bge is meant; by onnxruntime and tokenizers alone."""
    folder = Path.home() / ".cache/semspace/models" / name
    if not folder.exists():
        return None
    session = onnxruntime.InferenceSession(str(folder / "onnx/model.onnx"), providers=["CPUExecutionProvider"])
    rust = Tokenizer.from_file(str(folder / "tokenizer.json"))
    rust.no_padding()
    rust.enable_truncation(512)
    vectors = []
    for text in texts:
        ids = np.array([rust.encode(text).ids], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        first = session.run(None, {value.name: feeds[value.name] for value in session.get_inputs()})[0][0, 0]
        vectors.append(first / np.linalg.norm(first))
    return packed(np.array(vectors))


os.environ["HF_HUB_OFFLINE"] = "1"
tiny = here / "texts"
new_schema(tiny / "new-schema")
old_schema(tiny / "old-schema")
fixture = {
    "source": f"sentence-transformers {sentence_transformers.__version__}",
    "nasty": NASTY,
    "pooling": pooling_cases(),
    "modules": module_cases(tiny / "scratch"),
    "models": {name: expectations(tiny / name) for name in ("new-schema", "old-schema")},
    "bare": bare(tiny / "new-schema", tiny / "scratch"),
}
(here / "texts.json").write_text(json.dumps(fixture) + "\n")
# The large model only with the short texts, which come first.
vectors = {"all-MiniLM-L6-v2": real("all-MiniLM-L6-v2", NASTY), "all-mpnet-base-v2": real("all-mpnet-base-v2", NASTY[:13])}
vectors["bge-small-en-v15-onnx"] = onnx_only("bge-small-en-v15-onnx", NASTY[:13])
if all(vectors.values()):
    (here / "texts-real.json").write_text(json.dumps({"texts": NASTY, **vectors}) + "\n")
