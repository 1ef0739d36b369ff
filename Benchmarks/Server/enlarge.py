#!/usr/bin/env python3
"""A model with a table of any size, for measuring alone: enlarge.py MODEL ITEMS OUTPUT

The encoder is that of MODEL; rows of the table are drawn with the spread that MODEL's have. Needs torch and safetensors.
"""
import json, os, shutil, sys, torch
from safetensors.torch import load_file, save_file

source, items, target = sys.argv[1], int(sys.argv[2]), sys.argv[3]
os.makedirs(target)
weights = load_file(f"{source}/model.safetensors")
table, bias = "bert.embeddings.word_embeddings.weight", "cls.predictions.bias"
torch.manual_seed(1)
rows = torch.randn(items + 5, weights[table].shape[1]) * weights[table][5:].std() + weights[table][5:].mean(0)
rows[:5], shift = weights[table][:5], torch.zeros(items + 5)
weights[table], weights[bias] = rows, shift
save_file(weights, f"{target}/model.safetensors", {"format": "pt"})
names = open(f"{source}/vocab.txt").read().splitlines()[:5] + [f"item{number}" for number in range(items)]
open(f"{target}/vocab.txt", "w").write("".join(name + "\n" for name in names))
card, configuration, tokenizer = (json.load(open(f"{source}/{name}.json")) for name in ["cloze", "config", "tokenizer"])
for key in ["checksums", "provenance"]:
    card.pop(key, None)
card["configuration"]["vocabularySize"] = configuration["vocab_size"] = items + 5
tokenizer["model"]["vocab"] = {name: number for number, name in enumerate(names)}
for name, value in [("cloze", card), ("config", configuration), ("tokenizer", tokenizer)]:
    json.dump(value, open(f"{target}/{name}.json", "w"))
shutil.copy(f"{source}/tokenizer_config.json", target)
