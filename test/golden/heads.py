"""Tiny seeded checkpoints with heads, every parameter random, and what transformers computes from them: logits.

Makes test/golden/heads/NAME/{config.json, model.safetensors} and heads/logits.json. Tasks over whole texts (pipelines, cross-encoders, sparse
and multi-vector encoders, generation) are in tasks.py.
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/heads.py [NAME…]
Versions: bench/peers/requirements.txt.
"""
import json
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_file

out = Path(__file__).parent / "heads"
size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=40, vocab_size=30)
rows = [[2, 5, 9, 11, 19, 7, 23, 4, 3], [2, 8, 6, 3], [2, 3]]
columns = max(map(len, rows))


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            norm = "norm" in name.lower() and name.endswith("weight")
            gain = 1 if norm and "gemma" not in model.config.model_type else 0
            parameter.copy_((torch.randn(parameter.shape, generator=generator) * 0.2 + gain).half().float())


def rounded(tensor):
    return [float(f"{x:.8g}") for x in tensor.flatten().tolist()]


def build(cls, seed, **config):
    cls = getattr(transformers, cls)
    full = {**size, **config}
    settings = cls.config_class(attn_implementation="eager", **full)
    model = cls(settings)
    randomise(model, seed)
    return model.eval()


def save(folder, model, keep=None):
    """Half precision on disk; a tied table once, as published files have it, unless `keep` names it."""
    folder.mkdir(parents=True, exist_ok=True)
    tied = set() if keep else set(model.all_tied_weights_keys)
    weights = {k: v.half().contiguous() for k, v in model.state_dict().items() if k not in tied and "position_ids" not in k}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = {k: v for k, v in model.config.to_dict().items() if k not in ("transformers_version", "_name_or_path", "dtype", "torch_dtype")}
    config["architectures"] = [type(model).__name__]
    (folder / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")


def inputs(model, left=False):
    pad = model.config.pad_token_id or 0
    padding = [[pad] * (columns - len(row)) for row in rows]
    ids = [p + row if left else row + p for row, p in zip(rows, padding)]
    mask = [[0] * len(p) + [1] * len(row) if left else [1] * len(row) + [0] * len(p) for row, p in zip(rows, padding)]
    return ids, mask


def case(name, task, cls, seed, keep=None, **config):
    if wanted and name not in wanted:
        return previous.get(name)
    model = build(cls, seed, **config)
    save(out / name, model, keep)
    left = task == "text-generation"
    ids, mask = inputs(model, left)
    feeds = dict(input_ids=torch.tensor(ids), attention_mask=torch.tensor(mask))
    types = None
    if getattr(model.config, "type_vocab_size", 0) > 1 and model.config.model_type not in ("modernbert",):
        types = [[0 if j < 3 else 1 for j in range(columns)] for _ in rows]
        feeds["token_type_ids"] = torch.tensor(types)
    if left:
        positions = (feeds["attention_mask"].cumsum(-1) - 1).clamp(min=0)
        feeds["position_ids"] = positions
    with torch.no_grad():
        logits = model(**feeds).logits
    tokens = None
    if task == "fill-mask":
        tokens = [1, 4, 8, columns, columns + 2, 2 * columns + 1]
        logits = logits.reshape(-1, logits.shape[-1])[tokens]
    elif task == "text-generation":
        logits = logits[:, -1]
    elif task == "token-classification":
        tokens = [i * columns + j for i, row in enumerate(rows) for j in range(len(row))]
        logits = logits.reshape(-1, logits.shape[-1])[tokens]
    return dict(name=name, task=task, rows=len(rows), columns=columns, ids=sum(ids, []), mask=sum(mask, []), types=types and sum(types, []), tokens=tokens, width=logits.shape[-1], logits=rounded(logits))


wanted = sys.argv[1:]
file = out / "logits.json"
previous = {one["name"]: one for one in json.loads(file.read_text())} if wanted and file.exists() else {}
mlm, tokens, texts, causal = "fill-mask", "token-classification", "text-classification", "text-generation"
labels = dict(id2label={0: "O", 1: "B-PER", 2: "I-PER"}, label2id={"O": 0, "B-PER": 1, "I-PER": 2})
distil = dict(dim=16, n_layers=2, n_heads=2, hidden_dim=24)
deberta = dict(relative_attention=True, position_biased_input=True, pos_att_type=["p2c", "c2p"], max_relative_positions=-1, type_vocab_size=0, pooler_hidden_size=16)
modern = dict(global_attn_every_n_layers=2, local_attention=4, pad_token_id=0, bos_token_id=2, eos_token_id=3, cls_token_id=2, sep_token_id=3)
decoder = dict(num_key_value_heads=1, bos_token_id=2, eos_token_id=3)
gpt2 = dict(n_embd=16, n_layer=2, n_head=2, n_inner=24, n_positions=40, bos_token_id=2, eos_token_id=3)
gemma = dict(head_dim=8, num_key_value_heads=1, query_pre_attn_scalar=8, sliding_window=4, layer_types=["sliding_attention", "full_attention"], bos_token_id=2, eos_token_id=3)
cases = [
    case("bert-mlm", mlm, "BertForMaskedLM", 1),
    case("bert-mlm-untied", mlm, "BertForMaskedLM", 2, keep=True, tie_word_embeddings=False, hidden_act="relu"),
    case("mpnet-mlm", mlm, "MPNetForMaskedLM", 3),
    case("roberta-mlm", mlm, "RobertaForMaskedLM", 4),
    case("xlm-roberta-mlm", mlm, "XLMRobertaForMaskedLM", 5, hidden_act="relu"),
    case("camembert-mlm", mlm, "CamembertForMaskedLM", 6),
    case("distilbert-mlm", mlm, "DistilBertForMaskedLM", 7, **distil),
    case("albert-mlm", mlm, "AlbertForMaskedLM", 8, embedding_size=8),
    case("electra-mlm", mlm, "ElectraForMaskedLM", 9, embedding_size=8, hidden_act="relu"),
    case("deberta-mlm", mlm, "DebertaForMaskedLM", 10, **deberta),
    case("deberta-v2-mlm", mlm, "DebertaV2ForMaskedLM", 11, **deberta),
    case("deberta-v2-mlm-new", mlm, "DebertaV2ForMaskedLM", 12, legacy=False, **deberta),
    case("modernbert-mlm", mlm, "ModernBertForMaskedLM", 13, **modern),
    case("modernbert-mlm-biases", mlm, "ModernBertForMaskedLM", 14, classifier_bias=True, norm_bias=True, decoder_bias=False, **modern),
    case("bert-tokens", tokens, "BertForTokenClassification", 20, **labels),
    case("modernbert-tokens", tokens, "ModernBertForTokenClassification", 21, **labels, **modern),
    case("qwen3-tokens", tokens, "Qwen3ForTokenClassification", 22, head_dim=8, pad_token_id=0, **labels, **decoder),
    case("bert-texts", texts, "BertForSequenceClassification", 30, **labels),
    case("mpnet-texts", texts, "MPNetForSequenceClassification", 31, num_labels=1),
    case("roberta-texts", texts, "RobertaForSequenceClassification", 32, num_labels=1),
    case("distilbert-texts", texts, "DistilBertForSequenceClassification", 33, **distil),
    case("albert-texts", texts, "AlbertForSequenceClassification", 34, embedding_size=8),
    case("electra-texts", texts, "ElectraForSequenceClassification", 35, embedding_size=8),
    case("deberta-texts", texts, "DebertaForSequenceClassification", 36, **deberta),
    case("deberta-v2-texts", texts, "DebertaV2ForSequenceClassification", 37, pooler_hidden_act="tanh", **deberta),
    case("modernbert-texts", texts, "ModernBertForSequenceClassification", 38, **modern),
    case("modernbert-texts-mean", texts, "ModernBertForSequenceClassification", 39, classifier_pooling="mean", **modern),
    case("qwen3-texts", texts, "Qwen3ForSequenceClassification", 40, head_dim=8, pad_token_id=0, **decoder),
    case("gpt2-next", causal, "GPT2LMHeadModel", 50, **gpt2),
    case("llama-next", causal, "LlamaForCausalLM", 51, keep=True, tie_word_embeddings=False, **decoder),
    case("qwen3-next", causal, "Qwen3ForCausalLM", 52, head_dim=8, tie_word_embeddings=True, **decoder),
    case("gemma3-next", causal, "Gemma3ForCausalLM", 53, final_logit_softcapping=2.0, **gemma),
]
file.write_text("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases if one) + "\n]\n")
