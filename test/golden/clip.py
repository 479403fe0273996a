"""A tiny seeded CLIP with every parameter random, images as the Pillow processor of transformers makes them, and the embeddings of both towers.

Makes test/golden/clip/{config.json, model.safetensors, preprocessor_config.json, expected.json} (bytes and float32 values as base64).
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/clip.py
Versions: bench/peers/requirements.txt.
"""
import base64
import json
from pathlib import Path

import numpy
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel

out = Path(__file__).parent / "clip"
out.mkdir(exist_ok=True)
tower = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, layer_norm_eps=1e-5)
config = dict(model_type="clip", projection_dim=10, logit_scale_init_value=2.6592,
              text_config=dict(model_type="clip_text_model", vocab_size=20, max_position_embeddings=12, hidden_act="quick_gelu", eos_token_id=2, **tower),
              vision_config=dict(model_type="clip_vision_model", image_size=12, patch_size=5, hidden_act="gelu", **tower))


def b64(values, kind):
    return base64.b64encode(numpy.ascontiguousarray(values, dtype=kind).tobytes()).decode()


def images():
    """Noise, and a slope with an edge; wider, higher, smaller than the crop in one or both directions."""
    random = numpy.random.default_rng(7)
    yield from (random.integers(0, 256, (height, width, 3), dtype=numpy.uint8) for height, width in [(17, 23), (30, 13), (14, 14), (5, 6), (8, 40)])
    y, x = numpy.mgrid[0:33, 0:50]
    yield numpy.stack([x * 5, y * 7, numpy.where(x > y, 255, 0)], -1).astype(numpy.uint8)


processors = {
    # As OpenAI's files say it.
    "published": dict(crop_size=12, do_center_crop=True, do_normalize=True, do_resize=True, resample=3, size=12,
                      image_mean=[0.48145466, 0.4578275, 0.40821073], image_std=[0.26862954, 0.26130258, 0.27577711]),
    "smaller-than-crop": dict(crop_size=dict(height=13, width=16), size=dict(shortest_edge=9), resample=3, do_normalize=False),
    "both-sides": dict(size=dict(height=7, width=20), do_center_crop=False, resample=2, image_mean=[0.5, 0.4, 0.3], image_std=[0.5, 0.6, 0.7]),
    "no-resize": dict(do_resize=False, crop_size=12, do_rescale=False, do_normalize=False),
}
made = list(images())
processed = []
for name, options in processors.items():
    processor = CLIPImageProcessor(**options)
    for i, image in enumerate(made):
        pixels = processor(Image.fromarray(image), return_tensors="np")["pixel_values"][0]
        # Whole numbers where nothing is scaled: smaller.
        processed.append(dict(processor=name, image=i, height=pixels.shape[1], width=pixels.shape[2], pixels=b64(pixels, "<f4")))
(out / "preprocessor_config.json").write_text(json.dumps(processors["published"], indent=2) + "\n")

model = CLIPModel(CLIPConfig(**{**config, "attn_implementation": "eager"})).eval()
generator = torch.Generator().manual_seed(1)
with torch.no_grad():
    for name, parameter in model.named_parameters():
        gain = 1 if "norm" in name and name.endswith("weight") else 0
        parameter.copy_((torch.randn(parameter.shape, generator=generator) * 0.2 + gain).half().float())
save_file({key: value.half().contiguous() for key, value in model.state_dict().items()}, out / "model.safetensors", metadata={"format": "pt"})
(out / "config.json").write_text(json.dumps(config, indent=2) + "\n")

# The end has the highest id; padding repeats it, as OpenAI's tokenizer does.
ids = torch.tensor([[18, 3, 9, 4, 12, 7, 5, 11, 3, 2, 6, 19], [18, 5, 1, 19, 19, 19, 19, 19, 19, 19, 19, 19], [18, 19] + [19] * 10])
mask = torch.tensor([[1] * 12, [1] * 4 + [0] * 8, [1] * 2 + [0] * 10])
pixels = torch.tensor(numpy.stack([CLIPImageProcessor(**processors["published"])(Image.fromarray(image), return_tensors="np")["pixel_values"][0] for image in made]))


def text_embeddings():
    with torch.no_grad():
        return model.text_projection(model.text_model(input_ids=ids, attention_mask=mask).pooler_output)


with torch.no_grad():
    image_embeddings = model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
    hidden = model.text_model(input_ids=ids, attention_mask=mask).last_hidden_state
by_highest = text_embeddings()
model.text_model.eos_token_id = 5
expected = dict(
    images=[dict(height=image.shape[0], width=image.shape[1], data=b64(image, "u1")) for image in made],
    processors=processors, processed=processed,
    ids=ids.flatten().tolist(), mask=mask.flatten().tolist(), rows=3, columns=12, hidden=b64(hidden[mask == 1], "<f4"),
    texts=b64(by_highest, "<f4"), textsAtFive=b64(text_embeddings(), "<f4"), imageVectors=b64(image_embeddings, "<f4"))
(out / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
