# python make_classifier.py   (needs torch, transformers and safetensors) writes bert-tiny/classifier/: a
# BertForSequenceClassification on the encoder of bert-tiny as save_pretrained writes it, and reference.safetensors:
#   input.ids [B,T] i64 · input.mask [B,T] i64 · input.labels [B] i64 · input.numbers [B] f32
#   logits [B,3] · loss [] · grad.{parameter}                  one of three labels
#   regression.weight [1,H] · regression.bias [1]              the head of a regressor on the same encoder and pooler
#   regression.logits [B,1] · regression.loss [] · regression.grad.{parameter}
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForPreTraining, BertForSequenceClassification

torch.manual_seed(3)
torch.set_num_threads(1)
config = BertConfig.from_pretrained(
    "bert-tiny", id2label={0: "stays", 1: "leaves", 2: "\"odd\" é"}, attn_implementation="eager")
model = BertForSequenceClassification.from_pretrained("bert-tiny", config=config)
regressor_config = BertConfig.from_pretrained(
    "bert-tiny", num_labels=1, problem_type="regression", attn_implementation="eager")
regressor = BertForSequenceClassification.from_pretrained("bert-tiny", config=regressor_config)
for m in (model, regressor):
    with torch.no_grad():
        m.classifier.weight.copy_(torch.randn_like(m.classifier.weight) * 0.3)
        m.classifier.bias.copy_(torch.randn_like(m.classifier.bias) * 0.3)
    m.train()  # dropout is 0
model.save_pretrained("bert-tiny/classifier")
lengths = [16, 9, 3, 2, 12]
ids = torch.zeros(5, 16, dtype=torch.long)
mask = torch.zeros(5, 16, dtype=torch.long)
for b, n in enumerate(lengths):
    ids[b, :n] = torch.randint(5, 37, (n,))
    ids[b, 0], ids[b, n - 1] = 2, 3  # [CLS] … [SEP]
    mask[b, :n] = 1
labels = torch.tensor([0, 2, 1, 1, 0])
numbers = torch.tensor([0.5, -1.0, 2.0, 0.0, 1.5])
out = model(input_ids=ids, attention_mask=mask, labels=labels)
out.loss.backward()
regression = regressor(input_ids=ids, attention_mask=mask, labels=numbers)
regression.loss.backward()
r = {"input.ids": ids, "input.mask": mask, "input.labels": labels, "input.numbers": numbers,
     "logits": out.logits, "loss": out.loss, "regression.logits": regression.logits,
     "regression.loss": regression.loss, "regression.weight": regressor.classifier.weight,
     "regression.bias": regressor.classifier.bias}
for name, w in model.named_parameters():
    r["grad." + name] = w.grad
for name, w in regressor.named_parameters():
    r["regression.grad." + name] = w.grad
save_file({k: v.detach().clone().contiguous() for k, v in r.items()}, "bert-tiny/classifier/reference.safetensors",
          metadata={"format": "pt"})
