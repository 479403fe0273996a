"""Gradients of all parameters of tiny random transformers, by torch.

Makes test/golden/gradients/NAME/{config.json, model.safetensors} and gradients/expected.json (float32 as base64, little-endian). The upstream of the
hidden states is sin(i) for value i where a token is, 0 on padding; ids come several times in a batch. For masked language models the loss is cross entropy.
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/gradients.py
Versions: bench/peers/requirements.txt.
"""
import base64
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (BertConfig, BertForMaskedLM, BertModel, DebertaV2Config, DebertaV2Model, DistilBertConfig, DistilBertModel, GPT2Config, GPT2LMHeadModel, GPT2Model,
                          ModernBertConfig, ModernBertModel, MPNetConfig, MPNetModel)

out = Path(__file__).parent / "gradients"
torch.set_num_threads(1)
small = dict(vocab_size=20, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, max_position_embeddings=16,
             attn_implementation="eager", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
ids = torch.tensor([[2, 5, 9, 5, 19, 7, 3, 5], [2, 8, 6, 3, 0, 0, 0, 0], [2, 5, 3, 0, 0, 0, 0, 0]])
lengths = [8, 4, 3]


def packed(tensor):
    return base64.b64encode(tensor.detach().to(torch.float32).contiguous().numpy().astype("<f4").tobytes()).decode()


def randomise(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            is_gain = parameter.ndim == 1 and name.endswith("weight")
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2 + is_gain)
    return model.train()


def case(name, model, seed, pad=0, types=False, labels=None):
    randomise(model, seed)
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    state = {key: value.contiguous() for key, value in model.state_dict().items()}
    tied = [key for key in state if key in ("cls.predictions.decoder.weight", "cls.predictions.decoder.bias", "lm_head.weight")]
    save_file({key: value for key, value in state.items() if key not in tied}, folder / "model.safetensors", metadata={"format": "pt"})
    config = {key: value for key, value in model.config.to_dict().items() if value is not None and not key.startswith("_") and "dropout" not in key}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    mask = torch.tensor([[1] * n + [0] * (8 - n) for n in lengths])
    tokens = torch.where(mask == 1, ids, torch.tensor(pad))
    inputs = dict(input_ids=tokens, attention_mask=mask)
    if types:
        inputs["token_type_ids"] = torch.tensor([[int(n // 2 <= i < n) for i in range(8)] for n in lengths])
    result = dict(name=name, ids=tokens.flatten().tolist(), mask=mask.flatten().tolist(), rows=3, columns=8)
    if types:
        result["types"] = inputs["token_type_ids"].flatten().tolist()
    model.zero_grad()
    if labels is None:
        hidden = model(**inputs).last_hidden_state
        upstream = torch.sin(torch.arange(hidden.numel(), dtype=torch.float64)).float().reshape(hidden.shape) * mask[..., None]
        (hidden * upstream).sum().backward()
    else:
        loss = model(**inputs, labels=labels).loss
        loss.backward()
        result |= dict(labels=labels.flatten().tolist(), loss=loss.item())
    gradients = {key: packed(value.grad) for key, value in model.named_parameters() if value.grad is not None}
    if labels is not None:
        result["losses"] = fifty_steps(model, inputs, labels)
    result["gradients"] = gradients
    return result


def fifty_steps(model, inputs, labels):
    """Losses of steps of AdamW with decay on matrices and clipping to 1, always on the same batch."""
    parameters = list(model.parameters())
    groups = [dict(params=[p for p in parameters if p.ndim > 1], weight_decay=0.01), dict(params=[p for p in parameters if p.ndim < 2], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=0.003)
    losses = []
    for _ in range(50):
        loss = model(**inputs, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


masked = torch.full((3, 8), -100)
masked[0, 1], masked[0, 3], masked[1, 2], masked[2, 1] = 5, 5, 6, 7
following = torch.tensor([[t if i < n else -100 for i, t in enumerate(row)] for row, n in zip(ids.tolist(), lengths)])
gpt2 = GPT2Config(vocab_size=20, n_embd=16, n_layer=2, n_head=2, n_inner=24, n_positions=16, attn_implementation="eager", resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0)
distilbert = DistilBertConfig(vocab_size=20, dim=16, n_layers=2, n_heads=2, hidden_dim=24, max_position_embeddings=16, attn_implementation="eager", dropout=0.0, attention_dropout=0.0)
modern = ModernBertConfig(**{**small, "pad_token_id": 0}, local_attention=4, global_attn_every_n_layers=2, layer_norm_eps=1e-5, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3)
deberta = DebertaV2Config(**small, relative_attention=True, pos_att_type=["p2c", "c2p"], position_buckets=4, share_att_key=True, norm_rel_ebd="layer_norm", conv_kernel_size=3, conv_act="gelu")
cases = [
    case("bert", BertModel(BertConfig(**small), add_pooling_layer=False), 1, types=True),
    case("mpnet", MPNetModel(MPNetConfig(**small, pad_token_id=1), add_pooling_layer=False), 2, pad=1),
    case("distilbert", DistilBertModel(distilbert), 3),
    case("gpt2", GPT2Model(gpt2), 4),
    case("modernbert", ModernBertModel(modern), 5),
    case("deberta-v2", DebertaV2Model(deberta), 6),
    case("bert-mlm", BertForMaskedLM(BertConfig(**small)), 7, labels=masked),
    case("gpt2-lm", GPT2LMHeadModel(gpt2), 8, labels=following),
]
(out / "expected.json").write_text(json.dumps(cases) + "\n")
