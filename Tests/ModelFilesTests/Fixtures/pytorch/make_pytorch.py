# python make_pytorch.py   (needs torch and safetensors' file beside) writes the files of this folder:
# tensors.bin, tensors of many kinds as torch.save writes them today, legacy.bin, the same as versions before 1.6 wrote them,
# values.json, what they hold, hostile.bin, a pickle that would call os.getcwd, and bert.bin, the weights of bert-tiny.
import json, os, pathlib, struct, torch

torch.manual_seed(1)
grid = torch.randn(4, 3)
tensors = {
    "single": torch.randn(2, 3),
    "half": torch.randn(5).half(),
    "brain": torch.randn(5).bfloat16(),
    "double": torch.randn(2, 2, dtype=torch.float64),
    "scalar": torch.tensor(0.5),
    "nothing": torch.zeros(0, 3),
    "parameter": torch.nn.Parameter(torch.randn(3)),
    "grid": grid,
    "transposed": grid.t(),
    "part": grid[1:3, 1],
    "ids": torch.arange(4),
}
state = torch.nn.Module().state_dict()
state.update(tensors)
torch.save(state, "tensors.bin")
torch.save(state, "legacy.bin", _use_new_zipfile_serialization=False)
values = {
    name: {"shape": list(tensor.shape), "values": tensor.detach().double().flatten().tolist()}
    for name, tensor in tensors.items()
}
pathlib.Path("values.json").write_text(json.dumps(values, sort_keys=True) + "\n")


class Hostile:
    def __reduce__(self):
        return (os.getcwd, ())


torch.save({"weight": torch.zeros(1), "other": Hostile()}, "hostile.bin")

bert = pathlib.Path("../../../SequentialModelsTests/Fixtures/bert-tiny/model.safetensors").read_bytes()
length = struct.unpack("<Q", bert[:8])[0]
header = json.loads(bert[8 : 8 + length])
weights = {}
for name, entry in header.items():
    if name == "__metadata__":
        continue
    start, end = entry["data_offsets"]
    numbers = bytearray(bert[8 + length + start : 8 + length + end])
    weights[name] = torch.frombuffer(numbers, dtype=torch.float32).reshape(entry["shape"])
torch.save(weights, "bert.bin", _use_new_zipfile_serialization=False)
