"""Losses of sentence-transformers 6.2 on random batches, with the derivatives that torch gives -> losses.json.

Each case: the loss's name, its options as semspace names them, the columns, the labels, the value and the gradient of each column.
A loss that wants a model gets a stand-in whose "vectors" are the leaves of the graph.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import torch
from torch import nn
from sentence_transformers.cross_encoder import losses as cross
from sentence_transformers.sentence_transformer import losses
from sentence_transformers.sentence_transformer.losses import gist_embed, mega_batch_margin
from sentence_transformers.sentence_transformer.losses import softmax as softmax_module
from sentence_transformers.sentence_transformer.losses.batch_hard_triplet import BatchHardTripletLossDistanceFunction as Batch
from sentence_transformers.sentence_transformer.losses.contrastive import SiameseDistanceMetric as Siamese
from sentence_transformers.sentence_transformer.losses.triplet import TripletDistanceMetric as Metric
from sentence_transformers.util import pairwise_cos_sim

torch.manual_seed(11)
torch.set_num_threads(1)
ROWS, WIDTH = 7, 10
cases = []


def columns(count: int, rows: int = ROWS, width: int = WIDTH) -> list[torch.Tensor]:
    first = torch.randn(rows, width)
    near = [first + 0.6 * torch.randn(rows, width) for _ in range(count - 1)]
    return [leaf.detach().round(decimals=4).requires_grad_() for leaf in [first, *near]]


def flat(tensor: torch.Tensor) -> list[float]:
    return [float(f"{value:.7g}") for value in tensor.detach().reshape(-1).tolist()]


def add(name: str, options: dict, inputs: list[torch.Tensor], labels: torch.Tensor | None, value: torch.Tensor, **more: object) -> None:
    value.backward()
    cases.append(
        {
            "name": name,
            "options": options,
            "shape": list(inputs[0].shape),
            "columns": [flat(each) for each in inputs],
            "labels": None if labels is None else flat(labels),
            "value": value.item(),
            "gradients": [flat(each.grad) for each in inputs],
            **more,
        }
    )


def plain(name: str, options: dict, loss: nn.Module, count: int, labels: torch.Tensor | None) -> None:
    inputs = columns(count)
    add(name, options, inputs, labels, loss.compute_loss_from_embeddings(list(inputs), labels))


scores = torch.tensor([0.1, 0.9, 0.5, 0.5, 0.0, 1.0, 0.3])
binary = torch.tensor([1, 0, 1, 0, 0, 1, 0])
classes = torch.tensor([0, 1, 0, 2, 1, 0, 2])
model = nn.Identity()
model.device = "cpu"

plain("cosineSimilarity", {}, losses.CosineSimilarityLoss(model), 2, scores)
plain("cosent", {}, losses.CoSENTLoss(model), 2, scores)
plain("angle", {}, losses.AnglELoss(model), 2, scores)
for distance in ("cosine", "euclidean", "manhattan"):
    metric = {"cosine": Siamese.COSINE_DISTANCE, "euclidean": Siamese.EUCLIDEAN, "manhattan": Siamese.MANHATTAN}[distance]
    margin = 0.5 if distance == "cosine" else 4
    options = {"distance": distance, "margin": margin}
    plain("contrastive", options, losses.ContrastiveLoss(model, distance_metric=metric, margin=margin), 2, binary)
    plain("onlineContrastive", options, losses.OnlineContrastiveLoss(model, distance_metric=metric, margin=margin), 2, binary)
    metric = {"cosine": Metric.COSINE, "euclidean": Metric.EUCLIDEAN, "manhattan": Metric.MANHATTAN}[distance]
    plain("triplet", options, losses.TripletLoss(model, distance_metric=metric, triplet_margin=margin), 3, None)
for distance, margin in (("cosine", 0.5), ("euclidean", 5)):
    metric = Batch.cosine_distance if distance == "cosine" else Batch.euclidean_distance
    options = {"distance": distance, "margin": margin}
    plain("batchHardTriplet", options, losses.BatchHardTripletLoss(model, metric, margin), 1, classes)
    plain("batchSemiHardTriplet", options, losses.BatchSemiHardTripletLoss(model, metric, margin), 1, classes)
    plain("batchAllTriplet", options, losses.BatchAllTripletLoss(model, metric, margin), 1, classes)
    plain("batchHardSoftMarginTriplet", {"distance": distance}, losses.BatchHardSoftMarginTripletLoss(model, metric), 1, classes)
plain("batchSemiHardTriplet", {"margin": 5}, losses.BatchSemiHardTripletLoss(model), 1, torch.ones(ROWS))
plain("marginMse", {}, losses.MarginMSELoss(model), 3, torch.randn(ROWS))
plain("marginMse", {"similarity": "cosine"}, losses.MarginMSELoss(model, pairwise_cos_sim), 4, torch.randn(ROWS, 3))
plain("distillKlDiv", {}, losses.DistillKLDivLoss(model), 4, torch.randn(ROWS, 3))
plain("distillKlDiv", {"temperature": 2, "studentTemperature": 3}, losses.DistillKLDivLoss(model, temperature=2, student_temperature=3), 3, torch.randn(ROWS, 2))

teacher = torch.randn(ROWS, WIDTH)
inputs = columns(2)
add("mse", {}, inputs, teacher, losses.MSELoss(model).compute_loss_from_embeddings(inputs, [teacher, teacher]))

inputs = columns(2)
loss = losses.MegaBatchMarginLoss(model, use_mini_batched_version=False)
add("megaBatchMargin", {}, inputs, None, loss.calculate_loss([[each] for each in inputs]))

for count, options in (
    (2, {"temperature": 0.2}),
    (3, {"temperature": 0.05, "margin": 0.1, "marginStrategy": "relative", "contrastAnchors": False}),
):
    inputs = columns(count)
    guides = columns(count, width=4)
    loss = losses.GISTEmbedLoss.__new__(losses.GISTEmbedLoss)
    nn.Module.__init__(loss)
    loss.model, loss.guide = inputs, guides
    loss.temperature, loss.margin = options.get("temperature", 0.01), options.get("margin", 0.0)
    loss.margin_strategy = options.get("marginStrategy", "absolute")
    loss.contrast_anchors, loss.contrast_positives = options.get("contrastAnchors", True), True
    loss.similarity_fct, loss.cross_entropy_loss = nn.CosineSimilarity(dim=-1), nn.CrossEntropyLoss()
    loss.must_retokenize = loss.gather_across_devices = False
    gist_embed.embed_columns = lambda model, _: list(model)
    value = loss.forward([{} for _ in inputs], None)
    labels = torch.stack([guide.detach() for guide in guides], dim=1).reshape(ROWS, -1)
    add("gist", {"guideDimensions": 4, **options}, inputs, labels, value)

softmax_module.embed_columns = lambda _, features: list(features)
for options in ({}, {"product": True, "vectors": False}):
    loss = losses.SoftmaxLoss(
        model, WIDTH, 3, concatenation_sent_rep=options.get("vectors", True), concatenation_sent_multiplication=options.get("product", False)
    )
    inputs = columns(2)
    weight, bias = loss.classifier.weight, loss.classifier.bias
    value = loss(inputs, classes)
    value.backward(retain_graph=True)
    parameters = [flat(weight), flat(bias)]
    gradients = [flat(weight.grad), flat(bias.grad)]
    for each in inputs:
        each.grad = None
    add("softmax", {"dimensions": WIDTH, "labels": 3, **options}, inputs, classes, value, parameters=parameters, parameterGradients=gradients)


def listed(name: str, options: dict, loss_class: type, **settings: object) -> None:
    """Three queries with up to five documents; what is not there has the label -Infinity."""
    sizes = [5, 3, 4]
    inputs = [torch.randn(3, 5).round(decimals=4).requires_grad_()]
    labels = torch.full((3, 5), -torch.inf)
    for row, size in enumerate(sizes):
        labels[row, :size] = torch.randint(0, 4, (size,)).float()
    logits = torch.cat([inputs[0][row, :size] for row, size in enumerate(sizes)])
    stand_in = SimpleNamespace(num_labels=1, device="cpu", preprocess=lambda *_, **__: {})
    encoder = nn.Identity()
    encoder.forward = lambda _: {"scores": logits}
    for key, value in vars(stand_in).items():
        setattr(encoder, key, value)
    loss = loss_class(encoder, mini_batch_size=-1, **settings)
    texts = [["q"] * 3, [["d"] * size for size in sizes]]
    value = loss(texts, [labels[row, :size] for row, size in enumerate(sizes)])
    add(name, options, inputs, labels, value)
    cases[-1]["labels"] = [None if each == float("-inf") else each for each in labels.reshape(-1).tolist()]


listed("listNet", {}, cross.ListNetLoss)
listed("rankNet", {}, cross.RankNetLoss)
listed("rankNet", {"k": 2, "sigma": 2}, cross.RankNetLoss, k=2, sigma=2)
for name, scheme in (
    ("ndcg1", cross.NDCGLoss1Scheme()),
    ("ndcg2", cross.NDCGLoss2Scheme()),
    ("lambdaRank", cross.LambdaRankScheme()),
    ("ndcg2++", cross.NDCGLoss2PPScheme()),
):
    listed("lambda", {"weighting": name}, cross.LambdaLoss, weighting_scheme=scheme)
listed("lambda", {"k": 3}, cross.LambdaLoss, k=3)

logits = [torch.randn(ROWS, 1).requires_grad_()]
add("binaryCrossEntropy", {}, logits, scores, nn.BCEWithLogitsLoss()(logits[0].view(-1), scores))
logits = [torch.randn(ROWS, 1).requires_grad_()]
value = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3.0))(logits[0].view(-1), scores)
add("binaryCrossEntropy", {"positiveWeight": 3}, logits, scores, value)
logits = [torch.randn(ROWS, 3).requires_grad_()]
add("crossEntropy", {}, logits, classes, nn.CrossEntropyLoss()(logits[0], classes))

path = Path(__file__).parent / "losses.json"
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
print(len(cases), path.stat().st_size)
