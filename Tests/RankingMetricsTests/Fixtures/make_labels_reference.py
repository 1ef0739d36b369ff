"""Writes labels.json: figures of labels and numbers as scikit-learn computes them.

Run: python3 make_labels_reference.py   (scikit-learn 1.9, NumPy)
"""

import json
import pathlib

import numpy
import sklearn
from sklearn import metrics

random = numpy.random.default_rng(5)
cases = []
for name, count, kinds, digits in [("two", 40, 2, 6), ("ties", 60, 2, 1), ("three", 90, 3, 6), ("unused label", 25, 4, 6)]:
    logits = random.normal(0, 1, (count, kinds))
    used = kinds - 1 if name == "unused label" else kinds
    labels = random.integers(0, used, count)
    logits[numpy.arange(count), labels] += 1
    p = numpy.exp(logits)
    p = numpy.round(p / p.sum(1, keepdims=True), digits)
    p[:, -1] = 1 - p[:, :-1].sum(1)
    if name == "unused label":
        auc = None
    elif kinds == 2:
        auc = metrics.roc_auc_score(labels, p[:, 1])
    else:
        auc = metrics.roc_auc_score(labels, p, multi_class="ovr", average="macro")
    predicted = p.argmax(1)
    confidence = p.max(1)
    edges = numpy.linspace(0, 1, 16)
    error = sum(
        abs(confidence[b].sum() - (predicted[b] == labels[b]).sum())
        for low, high in zip(edges[:-1], edges[1:])
        if (b := (confidence > low) & (confidence <= high)).any()) / count
    cases.append({
        "name": name, "probabilities": p.tolist(), "labels": labels.tolist(),
        "accuracy": metrics.accuracy_score(labels, predicted), "auc": auc,
        "macroF1": metrics.f1_score(labels, predicted, average="macro"),
        "logLoss": metrics.log_loss(labels, p, labels=list(range(kinds))), "calibrationError": float(error)})
found = random.normal(3, 2, 30)
predicted = found + random.normal(0.2, 1, 30)
numbers = {
    "found": found.tolist(), "predicted": predicted.tolist(),
    "meanAbsoluteError": metrics.mean_absolute_error(found, predicted),
    "rootMeanSquaredError": metrics.root_mean_squared_error(found, predicted),
    "r2": metrics.r2_score(found, predicted)}
path = pathlib.Path(__file__).parent / "labels.json"
path.write_text(json.dumps({"sklearn": sklearn.__version__, "cases": cases, "numbers": numbers}) + "\n")
