"""Writes cross_library_metrics.json: one random ranking, and what other libraries print for it.

Run in a virtual environment with: rectools==0.19.0 scikit-learn, and, without their dependencies
(pip install --no-deps), recommenders==1.2.1 recbole==1.2.1. RecBole's metrics need no torch but its package imports it, so
the script loads the metrics file alone, with a stand-in for torch.
"""

import importlib.util
import json
import pathlib
import sys
import types

import numpy
import pandas

random = numpy.random.default_rng(11)
CUTOFFS = [1, 5, 10, 20]
ITEMS = 60
ranks = [sorted(int(r) for r in random.choice(ITEMS, int(random.integers(1, 7)), replace=False) + 1) for _ in range(50)]
ranks += [[int(random.integers(1, ITEMS + 1))] for _ in range(50)]
# A user with more targets than places, and one with none within reach.
ranks += [list(range(1, 31)), [59, 60]]

true = pandas.DataFrame(
    [(user, rank) for user, targets in enumerate(ranks) for rank in targets], columns=["user_id", "item_id"])
predicted = pandas.DataFrame(
    [(user, rank, rank) for user in range(len(ranks)) for rank in range(1, ITEMS + 1)],
    columns=["user_id", "item_id", "rank"])


def rectools_prints():
    from rectools import metrics
    made = {}
    for k in CUTOFFS:
        made |= {
            f"HitRate@{k}": metrics.HitRate(k), f"Precision@{k}": metrics.Precision(k),
            f"Recall@{k}": metrics.Recall(k), f"MRR@{k}": metrics.MRR(k), f"MAP@{k}": metrics.MAP(k),
            f"NDCG@{k}": metrics.NDCG(k),
            f"NDCG@{k} (divide_by_achievable)": metrics.NDCG(k, divide_by_achievable=True),
        }
    return {name: float(metric.calc(predicted, true)) for name, metric in made.items()}


def recommenders_prints():
    from recommenders.evaluation import python_evaluation as evaluation
    names = dict(col_user="user_id", col_item="item_id", col_prediction="prediction")
    truth = true.assign(rating=1.0)
    guess = predicted.assign(prediction=-predicted["rank"].astype(float))[["user_id", "item_id", "prediction"]]
    return {
        f"{name}, k={k}": float(getattr(evaluation, name)(
            truth, guess, k=k, **names, **({"col_rating": "rating"} if name == "ndcg_at_k" else {})))
        for name in ("precision_at_k", "recall_at_k", "ndcg_at_k", "map_at_k", "map") for k in CUTOFFS}


def recbole_prints():
    numpy.float = float  # a name that RecBole 1.2 uses and NumPy 1.24 dropped
    torch = types.ModuleType("torch")
    torch.Tensor = object
    sys.modules["torch"] = torch
    folder = pathlib.Path(importlib.util.find_spec("rectools").origin).parents[1] / "recbole"
    for name in ("recbole", "recbole.evaluator", "recbole.utils"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["recbole.utils"].EvaluatorType = types.SimpleNamespace(RANKING=1, VALUE=2)
    for name in ("utils", "base_metric", "metrics"):
        spec = importlib.util.spec_from_file_location(f"recbole.evaluator.{name}", folder / "evaluator" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    metrics = sys.modules["recbole.evaluator.metrics"]
    hits = numpy.zeros((len(ranks), max(CUTOFFS)), dtype=bool)
    for user, targets in enumerate(ranks):
        for rank in targets:
            if rank <= max(CUTOFFS):
                hits[user, rank - 1] = True
    lengths = numpy.array([len(targets) for targets in ranks])

    class Data:
        def get(self, name):
            assert name == "rec.topk"
            # A tensor of hits with the number of targets as its last column.
            return types.SimpleNamespace(table=numpy.hstack([hits.astype(int), lengths[:, None]]))

    def split(tensor, sections, dim):
        parts = numpy.split(tensor.table, numpy.cumsum(sections)[:-1], axis=dim)
        return [types.SimpleNamespace(
            to=lambda _, part=part: types.SimpleNamespace(numpy=lambda: part),
            squeeze=lambda _, part=part: types.SimpleNamespace(numpy=lambda: part.squeeze(-1)),
            numpy=lambda part=part: part) for part in parts]

    torch.split = split
    torch.bool = bool
    config = {"topk": CUTOFFS, "metric_decimal_place": 4}
    prints = {}
    for name in ("Recall", "MRR", "NDCG", "Hit", "Precision", "MAP"):
        prints |= getattr(metrics, name)(config).calculate_metric(Data())
    return {name: float(value) for name, value in prints.items()}


out = pathlib.Path(__file__).parent / "cross_library_metrics.json"
out.write_text(json.dumps({
    "cutoffs": CUTOFFS, "ranks": ranks,
    "prints": {"RecTools": rectools_prints(), "recommenders-team": recommenders_prints(), "RecBole": recbole_prints()}}))
