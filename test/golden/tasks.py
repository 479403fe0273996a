"""Tasks over whole texts, as transformers and sentence-transformers do them: pipelines, cross-encoders, sparse and multi-vector encoders, generation.

Makes test/golden/tasks/NAME/ (tiny seeded models with tokenizers) and tasks/expected.json; with the real models of the cache (npm run models) real.json.
Run: HF_HUB_OFFLINE=1 ~/.cache/semspace/peers/venv/bin/python -P test/golden/tasks.py
Versions: bench/peers/requirements.txt.
"""
import base64
import json
import string
from pathlib import Path

import numpy
import onnxruntime
import torch
import transformers
from sentence_transformers import CrossEncoder, SparseEncoder
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, pipeline
from transformers.generation import LogitsProcessorList, RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

here = Path(__file__).parent
out = here / "tasks"
size = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24)


def randomise(model, seed, deviation=0.2):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            norm = ("norm" in name.lower() or "ln_" in name) and name.endswith("weight")
            parameter.copy_((torch.randn(parameter.shape, generator=generator) * deviation + norm).half().float())
    return model.eval()


def save(name, model, tokenizer):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    model.half().save_pretrained(folder)
    model.float()
    tokenizer.save_pretrained(folder)
    for extra in ["README.md"]:
        (folder / extra).unlink(missing_ok=True)
    return folder


pieces = [*string.ascii_lowercase, *string.digits, *",.!?'-"]
words = "the a of is in and to river bank money anna smith lives paris london works for acme what where city capital book read the fish water".split()


def word_piece(max_length, inputs=("input_ids", "token_type_ids", "attention_mask")):
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(words), *[p for p in pieces if p not in words], *[f"##{p}" for p in pieces[:36]], "##ing", "##er", "##s"]
    vocabulary = list(dict.fromkeys(vocabulary))
    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]", model_max_length=max_length, model_input_names=list(inputs))


def byte_level():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("th", "e"), ("Ġ", "the"), ("i", "n"), ("Ġ", "a"), ("Ġ", "s"), ("a", "n"), ("an", "d"), ("e", "r"), ("Ġ", "w"), ("o", "r")]
    vocabulary = [*alphabet, *[a + b for a, b in merges], "<|endoftext|>"]
    tokenizer = Tokenizer(models.BPE({w: i for i, w in enumerate(vocabulary)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<|endoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>", model_max_length=120), len(vocabulary)


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (numpy.floating, float)):
        return float(f"{float(value):.8g}")
    return value.item() if isinstance(value, numpy.integer) else value


strategies = ["none", "simple", "first", "average", "max"]
texts = ["Anna Smith lives in Paris and works for Acme.", "Readers of the river-bank: \U0001f41f fishing in Ünïcode, ümlaut 42!", "", "a"]
long_text = " ".join(["Anna Smith lives in London and reads a book,", "the fish is in the water of the river;"] * 8)


def entities(model, tokenizer, some_texts, **settings):
    results = []
    for strategy in strategies:
        pipe = transformers.TokenClassificationPipeline(model=model, tokenizer=tokenizer, aggregation_strategy=strategy, **settings)
        for text in some_texts:
            if text:
                results.append(dict(text=text, aggregation=strategy, entities=plain(pipe(text)), **{k: v for k, v in settings.items() if k != "device"}))
    return results


def token_classifier():
    tokenizer = word_piece(36)
    labels = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC"]
    config = transformers.BertConfig(**size, vocab_size=len(tokenizer), max_position_embeddings=36, id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)})
    model = randomise(transformers.BertForTokenClassification(config), 1)
    # So that neighbouring tokens get different labels.
    model.bert.embeddings.word_embeddings.weight.data.mul_(8)
    model.classifier.weight.data.mul_(8)
    save("token-classifier", model, tokenizer)
    results = entities(model, tokenizer, texts)
    for strategy in strategies[1:]:
        pipe = transformers.TokenClassificationPipeline(model=model, tokenizer=tokenizer, aggregation_strategy=strategy, stride=6)
        results.append(dict(text=long_text, aggregation=strategy, stride=6, entities=plain(pipe(long_text))))
    return results


def text_classifier():
    tokenizer = word_piece(32, ["input_ids", "attention_mask"])
    config = transformers.BertConfig(**size, vocab_size=len(tokenizer), max_position_embeddings=32, id2label={0: "negative", 1: "neutral", 2: "positive"}, label2id={"negative": 0, "neutral": 1, "positive": 2})
    model = randomise(transformers.BertForSequenceClassification(config), 2, 0.4)
    save("text-classifier", model, tokenizer)
    pipe = pipeline("text-classification", model=model, tokenizer=tokenizer)
    results = []
    pair = dict(text="Where is the river?", text_pair="Anna lives in Paris.")
    for problem in [None, "multi_label_classification", "regression"]:
        model.config.problem_type = problem
        results.append(dict(problem=problem, texts=[*texts[:2], long_text], labels=plain(pipe([*texts[:2], long_text], top_k=None, truncation=True)), pair=list(pair.values()), pairLabels=plain(pipe(pair, top_k=None))))
    return results


def cross_encoder():
    tokenizer = word_piece(24)
    config = transformers.BertConfig(**size, vocab_size=len(tokenizer), max_position_embeddings=24, num_labels=1)
    model = randomise(transformers.BertForSequenceClassification(config), 3, 0.4)
    folder = save("cross-encoder", model, tokenizer)
    encoder = CrossEncoder(str(folder), device="cpu", model_kwargs=dict(dtype=torch.float32))
    query, documents = "Where is the river bank?", ["The bank of the river is in London.", "Money is in the bank.", "Anna Smith reads a book.", long_text, ""]
    ranked = encoder.rank(query, documents)
    identity = encoder.predict([(query, d) for d in documents], activation_fn=torch.nn.Identity())
    return dict(query=query, documents=documents, scores=plain(encoder.predict([(query, d) for d in documents]).tolist()), identity=plain(identity.tolist()), reversed=plain(encoder.predict([(d, query) for d in documents]).tolist()), ranked=[one["corpus_id"] for one in ranked])


def sparse(vector):
    vector = vector.coalesce() if vector.is_sparse else vector.to_sparse().coalesce()
    return dict(ids=vector.indices()[0].tolist(), weights=plain(vector.values().tolist()))


def sparse_encoders():
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sparse_encoder.modules import SpladePooling

    tokenizer = word_piece(24)
    config = transformers.BertConfig(**size, vocab_size=len(tokenizer), max_position_embeddings=24)
    model = randomise(transformers.BertForMaskedLM(config), 4, 0.4)
    folder = save("masked-language-model", model, tokenizer)
    results = []
    for strategy, activation in [("max", "relu"), ("sum", "log1p_relu")]:
        modules = [Transformer(str(folder), transformer_task="fill-mask", model_kwargs=dict(dtype=torch.float32)), SpladePooling(strategy, activation_function=activation)]
        encoder = SparseEncoder(modules=modules, device="cpu")
        vectors = encoder.encode([*texts[:2], long_text])
        few = encoder.encode([texts[0]], max_active_dims=5)
        results.append(dict(pooling=strategy, activation=activation, texts=[*texts[:2], long_text], vectors=[sparse(v) for v in vectors], few=sparse(few[0]), tokens=plain(encoder.decode(vectors[0], top_k=3)), similarity=plain(encoder.similarity(vectors, vectors).tolist())))
    masks = ["the [MASK] of the river", "[MASK] lives in [MASK]."]
    pipe = pipeline("fill-mask", model=model, tokenizer=tokenizer)
    fill = [dict(text=text, fillings=plain(pipe(text, top_k=4))) for text in masks]
    fill.append(dict(text=masks[0], targets=["water", "money"], fillings=plain(pipe(masks[0], targets=["water", "money"]))))
    return results, fill


def multi_vector():
    from safetensors.torch import load_file, save_file
    from sentence_transformers import MultiVectorEncoder
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

    queries = ["Where is the river bank?", "Anna", "the fish is in the water of the river, the book is in the city"]
    documents = [texts[0], texts[1], "", long_text]
    tokenizer = word_piece(40)
    tokenizer.add_tokens(["[unused0]", "[unused1]"])
    config = transformers.BertConfig(**size, vocab_size=len(tokenizer), max_position_embeddings=40)
    model = randomise(transformers.BertModel(config, add_pooling_layer=False), 6, 0.4)
    generator = torch.Generator().manual_seed(7)
    weight = (torch.randn(8, 16, generator=generator) * 0.4).half().float()
    results = []

    def record(name):
        encoder = MultiVectorEncoder(str(out / name), device="cpu", model_kwargs=dict(dtype=torch.float32))
        q, d = encoder.encode_query(queries), encoder.encode_document(documents)
        results.append(dict(name=name, queries=queries, documents=documents, rows=[[len(v) for v in q], [len(v) for v in d]], first=plain(q[0][-1].tolist()), second=plain(d[0][0].tolist()), similarity=plain(encoder.similarity(q, d).tolist())))

    folder = save("multi-vector", model, tokenizer)
    for name, expansion, mask in [
        ("multi-vector", dict(strategy="fixed", attend=False, length=12), dict(skiplist_words=list(string.punctuation))),
        ("multi-vector-min", dict(strategy="min", attend=True, length=9), dict(skiplist_words=["the", "nowhere"], skiplist_tasks=["query", "document"])),
    ]:
        first = Transformer(str(folder), query_expansion=expansion, document_length=20, model_kwargs=dict(dtype=torch.float32))
        dense = Dense(16, 8, bias=False, activation_function=torch.nn.Identity(), init_weight=weight, module_input_name="token_embeddings")
        encoder = MultiVectorEncoder(modules=[first, dense, MultiVectorMask(**mask), Normalize(module_input_name="token_embeddings")], prompts={"query": "the ", "document": "of "}, device="cpu")
        if name.endswith("min"):
            encoder.similarity_fn_name = "meanmaxsim"
        encoder.save_pretrained(str(out / name), create_model_card=False)
        record(name)
    # Stanford's ColBERT: the projection beside the encoder, the markers in the vocabulary but not special.
    stanford = out / "multi-vector-stanford"
    stanford.mkdir(exist_ok=True)
    for file in ["tokenizer.json", "tokenizer_config.json"]:
        (stanford / file).write_text((folder / file).read_text())
    tokens = json.loads((stanford / "tokenizer.json").read_text())
    for token in tokens["added_tokens"][-2:]:
        tokens["model"]["vocab"][token["content"]] = token["id"]
    tokens["added_tokens"] = tokens["added_tokens"][:-2]
    (stanford / "tokenizer.json").write_text(json.dumps(tokens))
    settings = json.loads((stanford / "tokenizer_config.json").read_text())
    settings.pop("added_tokens_decoder", None)
    (stanford / "tokenizer_config.json").write_text(json.dumps(settings))
    weights = {f"bert.{k}": v.half().contiguous() for k, v in model.state_dict().items()}
    save_file({**weights, "linear.weight": weight.half()}, stanford / "model.safetensors", metadata={"format": "pt"})
    raw = json.loads((folder / "config.json").read_text())
    (stanford / "config.json").write_text(json.dumps({**raw, "architectures": ["HF_ColBERT"]}))
    (stanford / "artifact.metadata").write_text(json.dumps(dict(query_maxlen=10, doc_maxlen=18, query_token_id="[unused0]", doc_token_id="[unused1]", mask_punctuation=True, attend_to_mask_tokens=False)))
    record("multi-vector-stanford")
    # PyLate 3: settings in config_sentence_transformers.json, a Dense without the names of its matrices.
    pylate = out / "multi-vector-pylate"
    (pylate / "1_Dense").mkdir(parents=True, exist_ok=True)
    for file in ["tokenizer.json", "tokenizer_config.json", "config.json", "model.safetensors"]:
        (pylate / file).write_bytes((folder / file).read_bytes())
    modules = [dict(idx=0, name="0", path="", type="sentence_transformers.models.Transformer"), dict(idx=1, name="1", path="1_Dense", type="pylate.models.Dense.Dense")]
    (pylate / "modules.json").write_text(json.dumps(modules))
    (pylate / "sentence_bert_config.json").write_text(json.dumps(dict(max_seq_length=36, do_lower_case=False)))
    (pylate / "config_sentence_transformers.json").write_text(json.dumps(dict(model_type="ColBERT", prompts={}, similarity_fn_name="MaxSim", query_prefix="[unused0]", document_prefix="[unused1]", query_length=11, document_length=22, attend_to_expansion_tokens=True, skiplist_words=[",", "."])))
    (pylate / "1_Dense" / "config.json").write_text(json.dumps(dict(in_features=16, out_features=8, bias=False, activation_function="torch.nn.modules.linear.Identity")))
    save_file({"linear.weight": weight}, pylate / "1_Dense" / "model.safetensors", metadata={"format": "pt"})
    record("multi-vector-pylate")
    return results


def image_text():
    from PIL import Image

    tokenizer, count = byte_level()
    backend = tokenizer.backend_tokenizer
    backend.add_special_tokens(["<start>", "<end>"])
    backend.post_processor = processors.TemplateProcessing(single="<start> $A <end>", pair="<start> $A <end> $B <end>", special_tokens=[("<start>", count), ("<end>", count + 1)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, eos_token="<end>", bos_token="<start>", pad_token="<end>", model_max_length=24)
    tower = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2)
    config = transformers.CLIPConfig(text_config=dict(vocab_size=count + 2, max_position_embeddings=24, eos_token_id=count + 1, bos_token_id=count, pad_token_id=count + 1, **tower), vision_config=dict(image_size=12, patch_size=4, **tower), projection_dim=8)
    model = randomise(transformers.CLIPModel(config), 8, 0.3)
    model.logit_scale.data.fill_(2.5)
    folder = save("image-text", model, tokenizer)
    processor = transformers.CLIPImageProcessor(size=12, crop_size=12)
    processor.save_pretrained(folder)
    generator = numpy.random.default_rng(1)
    images = [generator.integers(0, 256, (20, 16 + 9 * i, 3), dtype=numpy.uint8) for i in range(3)]
    labels = ["a river", "the bank", "anna", "a long label that does not fit into the model"]
    template = "This is a photo of {}."
    inputs = tokenizer([template.format(label) for label in labels], return_tensors="pt", padding=True, truncation=True)
    inputs.pop("token_type_ids", None)
    pixels = processor([Image.fromarray(one) for one in images], return_tensors="pt")
    with torch.no_grad():
        outputs = model(**inputs, **pixels)
    return dict(images=[dict(height=20, width=16 + 9 * i, data=base64.b64encode(one.tobytes()).decode()) for i, one in enumerate(images)], labels=labels, template=template, probabilities=plain(outputs.logits_per_image.softmax(-1).tolist()), text=plain(outputs.text_embeds[1].tolist()), image=plain(outputs.image_embeds[2].tolist()))


def generation():
    tokenizer, count = byte_level()
    config = transformers.GPT2Config(n_embd=16, n_layer=2, n_head=2, n_positions=120, vocab_size=count, bos_token_id=count - 1, eos_token_id=count - 1)
    model = randomise(transformers.GPT2LMHeadModel(config), 5, 0.5)
    model.generation_config.eos_token_id = count - 1
    folder = save("language-model", model, tokenizer)
    prompts = ["Once upon a time there", "the", "Anna and the water: \U0001f41f"]
    results = []
    tokenizer.pad_token, tokenizer.padding_side = "<|endoftext|>", "left"
    for penalty in [1.0, 1.3]:
        for group in [*[[p] for p in prompts], prompts]:
            inputs = tokenizer(group, return_tensors="pt", padding=True)
            inputs.pop("token_type_ids", None)
            # In a batch Python's penalty sees the padding too.
            if penalty != 1 and len(group) > 1:
                continue
            ids = model.generate(**inputs, max_new_tokens=40, do_sample=False, repetition_penalty=penalty, pad_token_id=count - 1)
            for prompt, row, mask in zip(group, ids, inputs["attention_mask"]):
                new = row[len(mask):].tolist()
                if count - 1 in new:
                    new = new[:new.index(count - 1) + 1]
                results.append(dict(prompts=group, prompt=prompt, penalty=penalty, ids=new, text=tokenizer.decode(new, skip_special_tokens=True)))
    inputs = tokenizer(prompts[:1], return_tensors="pt")["input_ids"]
    with torch.no_grad():
        logits = model(inputs).logits[:, -1]
    sampled = []
    for settings in [dict(temperature=0.7), dict(topK=5), dict(topP=0.8), dict(temperature=1.5, topK=20, topP=0.6, repetitionPenalty=1.4), dict(topP=1e-9)]:
        steps = LogitsProcessorList()
        if "repetitionPenalty" in settings:
            steps.append(RepetitionPenaltyLogitsProcessor(settings["repetitionPenalty"]))
        if "temperature" in settings:
            steps.append(TemperatureLogitsWarper(settings["temperature"]))
        if "topK" in settings:
            steps.append(TopKLogitsWarper(settings["topK"]))
        if "topP" in settings:
            steps.append(TopPLogitsWarper(settings["topP"]))
        probabilities = steps(inputs, logits.clone()).softmax(-1)[0]
        kept = probabilities.nonzero()[:, 0]
        sampled.append(dict(settings=settings, ids=kept.tolist(), probabilities=plain(probabilities[kept].tolist())))
    top = logits.softmax(-1)[0].topk(5)
    return dict(greedy=results, sampled=dict(prompt=inputs[0].tolist(), logits=plain(logits[0].tolist()), cases=sampled), next=dict(prompt=prompts[0], ids=top.indices.tolist(), probabilities=plain(top.values.tolist())))


def real():
    cache = Path.home() / ".cache" / "semspace" / "models"
    splade = cache / "bert-tiny-splade"
    pipe = pipeline("fill-mask", model=str(splade))
    fill = [dict(text=text, fillings=plain(pipe(text))) for text in ["Paris is the [MASK] of France.", "[MASK] is the capital of [MASK].", "He went to the bank to get some [MASK]."]]
    encoder = SparseEncoder(str(splade), device="cpu")
    queries = ["what is the capital of france", "A man is playing a guitar.", "The theory of everything, they say, is still out of reach. " * 60, ""]
    vectors = encoder.encode(queries)
    found = [dict(text=text, **sparse(vector)) for text, vector in zip(queries, vectors)]
    ner = cache / "rampart-ner"
    session = onnxruntime.InferenceSession(ner / "onnx" / "model_q4.onnx")
    tokenizer = transformers.AutoTokenizer.from_pretrained(ner)
    names = {one.name for one in session.get_inputs()}
    model = transformers.BertForTokenClassification(transformers.AutoConfig.from_pretrained(ner))

    def forward(**inputs):
        feeds = {k: v.numpy() for k, v in inputs.items() if k in names}
        return dict(logits=torch.tensor(session.run(["logits"], feeds)[0]))

    model.forward = forward
    about = [
        "My name is Sarah Johnson and I live at 12 Baker Street in Chicago; write to sarah.johnson@example.com or call +1 312 555 0188.",
        "José Núñez (born 4 July 1976) has the passport X1234567, IBAN DE89 3704 0044 0532 0130 00. \U0001f600 He works with Dr. O'Neill-McCarthy.",
        "Nothing to see here.",
    ]
    results = entities(model, tokenizer, about)
    tokenizer.model_max_length = 64
    many = " ".join(about[:2] * 4)
    for strategy in ["simple", "first", "max"]:
        windows = transformers.TokenClassificationPipeline(model=model, tokenizer=tokenizer, aggregation_strategy=strategy, stride=16)
        results.append(dict(text=many, aggregation=strategy, stride=16, maxLength=64, entities=plain(windows(many))))
    return dict(fill=fill, sparse=found, similarity=plain(encoder.similarity(vectors, vectors).tolist()), entities=results)


splade, fill = sparse_encoders()
expected = dict(imageText=image_text(), multiVector=multi_vector(), entities=token_classifier(), classify=text_classifier(), crossEncoder=cross_encoder(), sparse=splade, fill=fill, generation=generation())
(out / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
(out / "real.json").write_text(json.dumps(real(), separators=(",", ":")) + "\n")
