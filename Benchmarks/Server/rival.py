#!/usr/bin/env python3
"""What `Benchmarks/Server/run` compares with: FastAPI, uvicorn and PyTorch, with the same model, requests and answers.

    rival.py MODEL PORT [BATCH]

MODEL is a directory that `cloze train` wrote, of one-row pooling (`last` or `tail`). The encoder is written by hand for
inference: fused attention, the last layer for the last row alone, one product with the item table, torch.topk. BATCH 1 is a
plain endpoint; more is micro-batching as `cloze serve` has it: a thread takes what waits, up to BATCH, padded to the longest.
Needs torch, safetensors, fastapi, uvicorn, uvloop, httptools, orjson.
"""
import asyncio, json, queue, sys, threading
import torch, uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel, Field
from safetensors.torch import load_file
from torch.nn import functional as F
import orjson

place, port, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1
card = json.load(open(f"{place}/cloze.json"))["configuration"]
weights = load_file(f"{place}/model.safetensors")
names = open(f"{place}/vocab.txt").read().splitlines()[5:]
rows = {name: row + 5 for row, name in enumerate(names)}
heads, hidden, epsilon, positions = card["heads"], card["hidden"], card["epsilon"], card["positions"]
causal, masked = card["attention"] == "causal", card["pooling"] == "tail"
assert card["pooling"] in ("last", "tail") and card["head"] == "direct", "a model of one row and a direct head is expected"


def layer(index):
    w = lambda name: weights[f"bert.encoder.layer.{index}.{name}"]
    parts = ["query", "key", "value"]
    return dict(
        qkv=(torch.cat([w(f"attention.self.{p}.weight") for p in parts]), torch.cat([w(f"attention.self.{p}.bias") for p in parts])),
        out=(w("attention.output.dense.weight"), w("attention.output.dense.bias")),
        first=(w("attention.output.LayerNorm.weight"), w("attention.output.LayerNorm.bias")),
        up=(w("intermediate.dense.weight"), w("intermediate.dense.bias")),
        down=(w("output.dense.weight"), w("output.dense.bias")),
        second=(w("output.LayerNorm.weight"), w("output.LayerNorm.bias")))


layers = [layer(index) for index in range(card["layers"])]
table = weights["bert.embeddings.word_embeddings.weight"]
items, bias = table[5:5 + len(names)].contiguous(), weights["cls.predictions.bias"][5:5 + len(names)].contiguous()
place_rows = weights["bert.embeddings.position_embeddings.weight"] + weights["bert.embeddings.token_type_embeddings.weight"][0]
embedding_norm = weights["bert.embeddings.LayerNorm.weight"], weights["bert.embeddings.LayerNorm.bias"]


@torch.inference_mode()
def answer(histories, k):
    """The best `k` items and their scores, `[histories, k]` each."""
    lengths = [len(h) for h in histories]
    longest, count = max(lengths), len(histories)
    tokens = torch.zeros(count, longest, dtype=torch.long)
    for row, history in enumerate(histories):
        tokens[row, :len(history)] = torch.tensor(history)
    x = F.layer_norm(F.embedding(tokens, table) + place_rows[:longest], (hidden,), *embedding_norm, epsilon)
    ends = torch.tensor(lengths) - 1
    mask = None
    if min(lengths) < longest:
        mask = (torch.arange(longest) < torch.tensor(lengths)[:, None])[:, None, None, :]
    for number, part in enumerate(layers):
        split = lambda t, n: t.view(count, n, heads, hidden // heads).transpose(1, 2)
        last = number == len(layers) - 1
        weight, shift = part["qkv"]
        if last:
            x_query = x[torch.arange(count), ends][:, None]
            q = F.linear(x_query, weight[:hidden], shift[:hidden])
            k_, v = F.linear(x, weight[hidden:], shift[hidden:]).chunk(2, -1)
        else:
            x_query = x
            q, k_, v = F.linear(x, weight, shift).chunk(3, -1)
        n = x_query.shape[1]
        seen = mask
        if causal and not last:
            seen = None  # What stands behind the end of a history is seen by no row that counts.
        mixed = F.scaled_dot_product_attention(
            split(q, n), split(k_, longest), split(v, longest), attn_mask=seen, is_causal=causal and not last)
        mixed = mixed.transpose(1, 2).reshape(count, n, hidden)
        y = F.layer_norm(F.linear(mixed, *part["out"]) + x_query, (hidden,), *part["first"], epsilon)
        x = F.layer_norm(F.linear(F.gelu(F.linear(y, *part["up"])), *part["down"]) + y, (hidden,), *part["second"], epsilon)
    scores = torch.addmm(bias, x[:, 0], items.T)
    return torch.topk(scores, k, dim=-1)


class Request(BaseModel):
    items: list[str]
    k: int = Field(10, ge=1, le=1000)


def tokens(request):
    known = [rows[item] for item in request.items if item in rows]
    if not known:
        raise HTTPException(404, "no item of the history is known")
    return known[-(positions - 1):] + [4] if masked else known[-positions:]


def body(request, values, indices):
    return {
        "source": "model", "unknown_items": [item for item in request.items if item not in rows],
        "items": [{"item": names[i], "score": s} for i, s in zip(indices.tolist(), values.tolist())]}


app = FastAPI()
waiting = queue.SimpleQueue()


def work():
    """Answers what waits together, as much as `most`."""
    while True:
        batch = [waiting.get()]
        while len(batch) < most and not waiting.empty():
            batch.append(waiting.get())
        k = max(request.k for request, _, _, _ in batch)
        values, indices = answer([history for _, history, _, _ in batch], k)
        for row, (request, _, loop, reply) in enumerate(batch):
            loop.call_soon_threadsafe(reply.set_result, (values[row, :request.k], indices[row, :request.k]))


@app.post("/v1/recommend")
async def recommend(request: Request):
    history = tokens(request)
    if most == 1:
        values, indices = answer([history], request.k)
        return Response(orjson.dumps(body(request, values[0], indices[0])), media_type="application/json")
    loop = asyncio.get_running_loop()
    reply = loop.create_future()
    waiting.put((request, history, loop, reply))
    return Response(orjson.dumps(body(request, *await reply)), media_type="application/json")


if __name__ == "__main__":
    if most > 1:
        threading.Thread(target=work, daemon=True).start()
    answer([[5, 6, 7]], 10)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, loop="uvloop", http="httptools")
