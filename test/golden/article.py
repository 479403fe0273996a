"""Small stand-ins of the two models that the article names, each file as its authors published it, and what Python makes of the article's lines.

Makes examples/hub (a cache of the hub, as Python's huggingface_hub lays it out without symbolic links) and test/golden/article.json.
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/article.py
Versions: bench/peers/requirements.txt.
"""
import json
import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer, DebertaConfig, DebertaModel, DebertaV2Config, DebertaV2Model

here = Path(__file__).parent
hub = here.parent.parent / "examples" / "hub"
source = (here / "tokenizer_files.py").read_text().removesuffix("main()\n")
files = {"__file__": str(here / "tokenizer_files.py")}
exec(source, files)

# The configs as published, but for the sizes.
common = dict(attention_probs_dropout_prob=0.1, hidden_act="gelu", hidden_dropout_prob=0.1, initializer_range=0.02, layer_norm_eps=1e-7,
              max_relative_positions=-1, position_biased_input=False, relative_attention=True, type_vocab_size=0,
              hidden_size=36, intermediate_size=48, num_attention_heads=6, num_hidden_layers=2)
v1 = dict(model_type="deberta", **common, pos_att_type="c2p|p2c", max_position_embeddings=64, vocab_size=340)
v3 = dict(model_type="deberta-v2", **common, pos_att_type="p2c|c2p", max_position_embeddings=512, vocab_size=360, position_buckets=256,
          norm_rel_ebd="layer_norm", share_att_key=True)


def weights(model, generator):
    """Every parameter random, under the names of the published file, which holds the heads of the pretraining too."""
    state = OrderedDict()
    for key, value in model.state_dict().items():
        state["deberta." + key] = (torch.randn(value.shape, generator=generator) * 0.2 + key.endswith("LayerNorm.weight")).half()
    state["lm_predictions.lm_head.bias"] = torch.zeros(model.config.vocab_size).half()
    return state


def publish(name, model, config, vocabulary, tokenizer_config):
    commit = f"{len(name):040x}"
    folder = hub / f"models--{name.replace('/', '--')}"
    snapshot = folder / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(commit)
    (snapshot / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    (snapshot / "tokenizer_config.json").write_text(json.dumps(tokenizer_config) + "\n")
    for path, content in vocabulary.items():
        (snapshot / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    torch.save(model, snapshot / "pytorch_model.bin")
    return snapshot


shutil.rmtree(hub, ignore_errors=True)
generator = torch.Generator().manual_seed(5)
with tempfile.TemporaryDirectory() as temporary:
    folder = Path(temporary)
    corpus = files["CORPUS"] + "\nHello world, hello. He sat by the bank of the river. She deposited money in the bank." * 3
    files["CORPUS"] = corpus
    spm = files["sentence_piece"](folder, vocab_size=150, model_type="unigram", character_coverage=1.0, normalization_rule_tsv=files["rules"](folder), pad_id=0, bos_id=1, eos_id=2, unk_id=3,
                                  pad_piece="[PAD]", bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]")
    vocab, merges = files["byte_level"]()
tokens = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", *json.loads(vocab), "[MASK]"]
bpe = {"vocab.json": json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False), "merges.txt": merges}
base = publish("microsoft/deberta-base", weights(DebertaModel(DebertaConfig(**v1)), generator), v1, bpe, {"do_lower_case": False, "vocab_type": "gpt2"})
xsmall = publish("microsoft/deberta-v3-xsmall", weights(DebertaV2Model(DebertaV2Config(**v3)), generator), v3, {"spm.model": spm},
                 {"do_lower_case": False, "vocab_type": "spm"})


def article(tokenizer_folder, model_folder, texts):
    """The article's lines."""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
    if "v3" in str(tokenizer_folder):
        # transformers 5.0 to 5.3 forget [CLS] and [SEP] (issue 44568, mended by 44570).
        tokenizer.backend_tokenizer.post_processor = files["processors"].TemplateProcessing(
            single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    model = AutoModel.from_pretrained(model_folder, dtype=torch.float32)
    results = []
    for text in texts:
        tokens = tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            output = model(**tokens)[0]
        results.append({"text": text, "ids": tokens["input_ids"][0].tolist(), "shape": list(output.shape),
                        "output": [float(f"{x:.8g}") for x in output.flatten().tolist()]})
    return results


texts = ["Hello world", "He sat by the bank of the river."]
(here / "article.json").write_text(json.dumps([
    {"tokenizer": "microsoft/deberta-base", "model": "microsoft/deberta-v3-xsmall", "results": article(base, xsmall, texts)},
    {"tokenizer": "microsoft/deberta-base", "model": "microsoft/deberta-base", "results": article(base, base, texts)},
    {"tokenizer": "microsoft/deberta-v3-xsmall", "model": "microsoft/deberta-v3-xsmall", "results": article(xsmall, xsmall, texts)},
]) + "\n")
