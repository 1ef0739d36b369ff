# python make_vocabulary.py   (needs tokenizers 0.23) writes vocabulary.json: what BertWordPieceTokenizer learns from
# corpus.txt, whose sentences were written for it. It joins equally frequent pairs in the order of a hash table, so each
# size is learned in many runs: "same", the vocabulary where all runs agree, otherwise "always", the tokens of all runs,
# and "ever", those of any.
import json, pathlib
from tokenizers import BertWordPieceTokenizer

RUNS = 60
cases = []
for lowercase in (True, False):
    for size in range(84, 175):
        sets = []
        for _ in range(RUNS if size % 25 == 0 or size > 170 else 30):
            tokenizer = BertWordPieceTokenizer(lowercase=lowercase)
            tokenizer.train(["corpus.txt"], vocab_size=size, min_frequency=2, show_progress=False)
            sets.append(frozenset(tokenizer.get_vocab()))
        case = {"lowercase": lowercase, "size": size}
        if len(set(sets)) == 1:
            case["same"] = sorted(sets[0])
        elif size % 25 == 0 or size > 170:
            case["always"] = sorted(frozenset.intersection(*sets))
            case["ever"] = sorted(frozenset.union(*sets))
        else:
            continue
        cases.append(case)
pathlib.Path("vocabulary.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n")
print([(c["lowercase"], c["size"], "same" in c) for c in cases])
