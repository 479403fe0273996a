"""Tiny seeded checkpoints of the BERT family with every parameter random, and what transformers computes from them.

Makes test/golden/encoders/NAME/{config.json, model.safetensors} and expected.json (float32 values as base64, little-endian), buckets.json;
real.json and bge.json from models in the cache (npm run models).
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/encoders.py  (-P: the names of other scripts here are those of libraries)
Versions: bench/peers/requirements.txt.
"""
import base64
import json
import re
from pathlib import Path

import numpy
import onnxruntime
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import (AlbertConfig, AlbertModel, AutoModel, BertConfig, BertModel, CamembertConfig, CamembertModel, DebertaConfig, DebertaModel,
                          DebertaV2Config, DebertaV2Model, DistilBertConfig, DistilBertModel, ElectraConfig, ElectraModel, MPNetConfig, MPNetModel,
                          PreTrainedConfig, RobertaConfig, RobertaModel, XLMRobertaConfig, XLMRobertaModel)
from transformers.models.deberta_v2.modeling_deberta_v2 import make_log_bucket_position
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

out = Path(__file__).parent / "encoders"
small = dict(vocab_size=20, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40,
             max_position_embeddings=24)
eager = dict(attn_implementation="eager")


def rows(columns, pad):
    """A whole row, one padded in the end, a short one; a token of the second has the id that most take for padding."""
    lengths = [columns, 5, 2]
    ids = [[(i * 7 + i // 3) % 16 + 4 for i in range(columns)], [0, 8, pad, 6, 2], [0, 2]]
    return [row + [pad] * (columns - len(row)) for row in ids], lengths


# As these were made first.
bert_rows = [[2, 5, 9, 11, 19, 7, 3, 4], [2, 8, 1, 3, 0, 0, 0, 0], [2, 3, 0, 0, 0, 0, 0, 0]], [8, 4, 2]
mpnet_rows = [[0, *(i % 16 + 4 for i in range(0, 90, 5)), 2], [0, 8, 1, 6, 2] + [1] * 15, [0, 2] + [1] * 18], [20, 5, 2]


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Gains around 1, else every layer's contribution would be too small to see.
            is_gain = parameter.ndim == 1 and name.endswith("weight")
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2 + is_gain)
    return model.eval()


def packed(tensor):
    return base64.b64encode(tensor.detach().to(torch.float32).contiguous().numpy().astype("<f4").tobytes()).decode()


def rounded(tensor):
    return [float(f"{x:.8g}") for x in tensor.flatten().tolist()]


def save(name, model, rename, dtype):
    """The files of a checkpoint, as the hub has them; the model goes on with weights of that type."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.to(dtype).float())
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    weights = {rename(key): value.to(dtype).contiguous() for key, value in model.state_dict().items() if not key.startswith("pooler.")}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    everyones = PreTrainedConfig().to_dict()
    no_numbers = re.compile("dropout|initializer|use_cache|bos_|eos_|tie_|summary_|cross_|pooler_|legacy|layer_norm_eps_")
    kept = {key: value for key, value in model.config.to_dict().items()
            if key in ("model_type", "pad_token_id") or key not in everyones and not no_numbers.search(key)}
    (folder / "config.json").write_text(json.dumps(kept, indent=2) + "\n")


def checkpoint(name, model, seed, batch=None, rename=lambda key: key, dtype=torch.float16, inner=False):
    """Saves the weights under other names or in another type, and what the model gives; with `inner` also of its layers."""
    randomise(model, seed)
    save(name, model, rename, dtype)
    ids, lengths = batch or rows(20, model.config.pad_token_id)
    columns = len(ids[0])
    mask = torch.tensor([[1] * n + [0] * (columns - n) for n in lengths])
    inputs = dict(input_ids=torch.tensor(ids), attention_mask=mask)
    case = dict(name=name, ids=sum(ids, []), mask=mask.flatten().tolist(), rows=len(ids), columns=columns)
    if getattr(model.config, "type_vocab_size", 0) > 1:
        # The second half of a row's tokens.
        types = [[int(i >= n // 2 and i < n) for i in range(columns)] for n in lengths]
        inputs["token_type_ids"] = torch.tensor(types)
        case["types"] = sum(types, [])
    with torch.no_grad():
        got = model(**inputs, output_hidden_states=True, output_attentions=True)
    case["hidden"] = packed(got.last_hidden_state[mask == 1])
    if inner:
        case["embedded"] = packed(got.hidden_states[0][mask == 1])
        case["layer"] = packed(got.hidden_states[1][mask == 1])
        case["attention"] = packed(torch.stack([maps[:, n - 1] for maps, n in zip(got.attentions[1], lengths)]))
        case["layers"] = len(got.hidden_states)
    return case


def bert(**config):
    return BertModel(BertConfig(**small, **eager, **config), add_pooling_layer=False)


def mpnet():
    return MPNetModel(MPNetConfig(**small, pad_token_id=1, **eager), add_pooling_layer=False)


def roberta(model=RobertaModel, config=RobertaConfig, **settings):
    settings = dict(pad_token_id=1, type_vocab_size=1, layer_norm_eps=1e-5) | settings
    return model(config(**small, **eager, **settings), add_pooling_layer=False)


def distilbert(**config):
    return DistilBertModel(DistilBertConfig(vocab_size=20, dim=32, n_layers=2, n_heads=4, hidden_dim=40, max_position_embeddings=24, **eager, **config))


def albert(**config):
    return AlbertModel(AlbertConfig(**small | config, **eager), add_pooling_layer=False)


def electra(**config):
    return ElectraModel(ElectraConfig(**small, **eager, **config))


# Long enough for offsets beyond the last bucket.
deberta_small = small | dict(max_position_embeddings=44, position_biased_input=False, relative_attention=True, type_vocab_size=0,
                             pos_att_type="c2p|p2c")
deberta_rows = rows(40, 0)


def deberta(**config):
    return DebertaModel(DebertaConfig(**deberta_small | config))


def deberta_v2(**config):
    return DebertaV2Model(DebertaV2Config(**deberta_small | dict(position_buckets=8, norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type="p2c|c2p") | config))


def under(prefix):
    return lambda key: prefix + key


def legacy(key):
    return re.sub(r"LayerNorm\.bias$", "LayerNorm.beta", re.sub(r"LayerNorm\.weight$", "LayerNorm.gamma", "bert." + key))


f32 = dict(dtype=torch.float32)
cases = [
    checkpoint("bert-gelu", bert(), 1, bert_rows, inner=True, **f32),
    checkpoint("bert-gelu-new", bert(hidden_act="gelu_new", layer_norm_eps=1e-5), 2, bert_rows),
    checkpoint("bert-relu", bert(hidden_act="relu"), 3, bert_rows),
    checkpoint("bert-silu", bert(hidden_act="silu"), 4, bert_rows),
    checkpoint("bert-legacy-names", bert(), 5, bert_rows, rename=legacy),
    checkpoint("bert-f16", bert(), 6, bert_rows),
    checkpoint("bert-bf16", bert(), 7, bert_rows, dtype=torch.bfloat16),
    checkpoint("mpnet", mpnet(), 8, mpnet_rows, inner=True, **f32),
    checkpoint("mpnet-prefix", mpnet(), 9, mpnet_rows, rename=under("mpnet.")),
    checkpoint("roberta", roberta(), 10, inner=True),
    checkpoint("roberta-pad-0", roberta(pad_token_id=0, type_vocab_size=2), 11, rename=under("roberta.")),
    checkpoint("camembert", roberta(CamembertModel, CamembertConfig), 12, rename=under("roberta.")),
    checkpoint("xlm-roberta", roberta(XLMRobertaModel, XLMRobertaConfig), 13),
    checkpoint("distilbert", distilbert(), 14, inner=True),
    checkpoint("distilbert-relu", distilbert(activation="relu"), 15, rename=under("distilbert.")),
    checkpoint("albert", albert(embedding_size=16), 16, inner=True),
    checkpoint("albert-groups", albert(embedding_size=16, num_hidden_layers=3, num_hidden_groups=2, inner_group_num=2, hidden_act="gelu"), 17,
               inner=True, rename=under("albert.")),
    checkpoint("electra-small", electra(embedding_size=16), 18, inner=True),
    checkpoint("electra-base", electra(embedding_size=32), 19, rename=under("electra.")),
    checkpoint("deberta", deberta(), 20, deberta_rows, inner=True),
    # More columns than relative positions; published with other sizes of embeddings by nobody, but in the code.
    checkpoint("deberta-positions", deberta(max_relative_positions=12, position_biased_input=True, type_vocab_size=2, embedding_size=16), 21,
               deberta_rows, rename=under("deberta.")),
    checkpoint("deberta-c2p", deberta(pos_att_type=["c2p"]), 22, deberta_rows),
    checkpoint("deberta-p2c", deberta(pos_att_type=["p2c"]), 23, deberta_rows),
    checkpoint("deberta-absolute", deberta(relative_attention=False, position_biased_input=True, pos_att_type=None), 24, deberta_rows),
    checkpoint("deberta-v3", deberta_v2(), 25, deberta_rows, inner=True),
    checkpoint("deberta-v2-xlarge", deberta_v2(conv_kernel_size=3, conv_act="gelu"), 26, deberta_rows, inner=True, rename=under("deberta.")),
    checkpoint("deberta-v2-separate", deberta_v2(share_att_key=False, position_buckets=-1, norm_rel_ebd="none", position_biased_input=True, type_vocab_size=2,
                                                 max_relative_positions=12), 27, deberta_rows),
    checkpoint("deberta-v2-conv-groups", deberta_v2(conv_kernel_size=5, conv_groups=2, pos_att_type=["c2p"], embedding_size=16), 28, deberta_rows),
    checkpoint("deberta-v2-p2c", deberta_v2(share_att_key=False, pos_att_type=["p2c"]), 29, deberta_rows),
]
(out / "expected.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")

offsets = torch.arange(-600, 601)
logarithmic = [dict(buckets=b, distance=d, of=make_log_bucket_position(offsets, b, d).long().tolist()) for b, d in [(256, 512), (8, 44), (32, 128), (320, 1024)]]
buckets = dict(first=-600, mpnet=MPNetEncoder.relative_position_bucket(offsets).tolist(), deberta=logarithmic)
(out / "buckets.json").write_text(json.dumps(buckets, separators=(",", ":")) + "\n")

# Real models: first and last token of a short, a middle and a long text, padded into one batch.
texts = ["", "A man is playing a guitar.", "The theory of everything, they say, is still out of reach. " * 9]
models = Path.home() / ".cache" / "semspace" / "models"
real = []
for name in ["bert-tiny-splade", "all-MiniLM-L6-v2", "all-mpnet-base-v2"]:
    tokenizer = Tokenizer.from_file(str(models / name / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    model = AutoModel.from_pretrained(models / name, add_pooling_layer=False, dtype=torch.float32).eval()
    encoded = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    columns = max(map(len, encoded))
    padded = [row + [model.config.pad_token_id] * (columns - len(row)) for row in encoded]
    mask = [[1] * len(row) + [0] * (columns - len(row)) for row in encoded]
    with torch.no_grad():
        hidden = model(input_ids=torch.tensor(padded), attention_mask=torch.tensor(mask)).last_hidden_state
    real.append(dict(name=name, ids=sum(padded, []), mask=sum(mask, []), rows=3, columns=columns,
                     first=rounded(hidden[:, 0]), last=rounded(torch.stack([h[len(r) - 1] for h, r in zip(hidden, encoded)]))))
(out / "real.json").write_text(json.dumps(real, separators=(",", ":")) + "\n")

# A ready ONNX export, run by onnxruntime.
bge = models / "bge-small-en-v15-onnx"
tokenizer = Tokenizer.from_file(str(bge / "tokenizer.json"))
tokenizer.enable_truncation(64)
tokenizer.no_padding()
encoded = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
columns = max(map(len, encoded))
padded = [row + [0] * (columns - len(row)) for row in encoded]
mask = [[1] * len(row) + [0] * (columns - len(row)) for row in encoded]
session = onnxruntime.InferenceSession(bge / "onnx" / "model.onnx")
feeds = dict(input_ids=padded, attention_mask=mask, token_type_ids=[[0] * columns] * 3)
hidden = torch.tensor(session.run(["last_hidden_state"], {k: numpy.array(v, dtype=numpy.int64) for k, v in feeds.items()})[0])
(out / "bge.json").write_text(json.dumps(dict(ids=sum(padded, []), mask=sum(mask, []), rows=3, columns=columns,
                                              first=rounded(hidden[:, 0])), separators=(",", ":")) + "\n")
