"""Files that are read, damaged: flipped bits, cut ends, and changes that keep to the format of the file."""
import hashlib, json, os, shutil, sqlite3, struct, time

EDGES = [None, True, -1, 0, 1, 2**31, 2**63 - 1, 2**63, -2**63, 1e308, 0.5, "", "x", "\u0000", "[MASK]", [], {}, [[]], {"a": 1}]


def torture(t, until):
    now = time.monotonic()
    bits(t, now + (until - now) * 0.4)
    models(t, now + (until - now) * 0.75)
    stores(t, until)


def bits(t, until):
    """One flipped bit, or a cut end: the answer of before, or a sentence; of files with checksums always a sentence."""
    readers = {
        "shop.sqlite": ["recommend", "model", "--store", "shop.sqlite", "--force"],
        **{f"model/{name}": ["similar", "model", "--all"] for name in sorted(os.listdir(t.base / "model")) if name not in ("notes.txt", "README.md")},
        "log.csv": ["check", "log.csv"],
        "model/notes.txt": ["similar", "model", "--all"],
    }
    answers = {tuple(words): t.run(t.base, *words, timeout=300)[1] for words in readers.values()}

    def one(number):
        chance = t.chance(f"bits/{number}")
        name = chance.choice(list(readers))
        words = readers[name]
        whole = (t.base / name).read_bytes()
        damaged = bytearray(whole)
        if chance.random() < 0.1: del damaged[chance.randrange(len(damaged)):]
        else: damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        with t.case(name) as folder:
            (folder / name).write_bytes(damaged)
            code, out, errors = t.run(folder, *words)
        t.note(f"damaged {name}")
        where = f"damaged {name} ({number})"
        t.judge(where, code, errors)
        if name.startswith("model/") and name != "model/notes.txt" and code == 0: t.found(f"{where}: accepted")
        if name == "shop.sqlite" and code == 0 and out != answers[tuple(words)]: t.found(f"{where}: another answer in silence")
        if name == "model/notes.txt" and code != 0: t.found(f"{where}: a user's file is no part of the model: {errors}")
    t.each(range(1_000_000), one, until)


def leaves(value, path=()):
    if isinstance(value, dict):
        for key in value: yield from leaves(value[key], path + (key,))
    elif isinstance(value, list):
        for index in range(min(len(value), 20)): yield from leaves(value[index], path + (index,))
    if path: yield path


def mutate(value, chance):
    """One part of a JSON value replaced, removed or repeated."""
    path = chance.choice(list(leaves(value)))
    holder = value
    for step in path[:-1]: holder = holder[step]
    what = chance.random()
    if what < 0.7: holder[path[-1]] = chance.choice(EDGES)
    elif what < 0.85: del holder[path[-1]]
    elif isinstance(holder, list): holder.append(holder[path[-1]])
    else: holder[str(path[-1]) + "2"] = holder[path[-1]]
    return value


def seal(folder):
    """Puts the checksums of a model directory right, as the program would have written them."""
    try: card = json.loads((folder / "cloze.json").read_text())
    except (ValueError, RecursionError): return
    if not isinstance(card, dict) or not isinstance(card.get("checksums"), dict): return
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in card["checksums"]
            if name != "cloze.json" and (folder / name).is_file()}
    card["checksums"] = {**sums, "cloze.json": "0" * 64}
    text = json.dumps(card)
    (folder / "cloze.json").write_text(text.replace("0" * 64, hashlib.sha256(text.encode()).hexdigest(), 1))


def models(t, until):
    """Files of a model that keep to their format and say something else, their checksums put right: used or refused."""
    def one(number):
        chance = t.chance(f"models/{number}")
        name = chance.choice(["config.json", "cloze.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
                              "model.safetensors", "record.json"])
        with t.case(name) as folder:
            file = folder / "model" / name
            if name == "model.safetensors": file.write_bytes(safetensors(file.read_bytes(), chance))
            elif name == "vocab.txt":
                lines = file.read_text().split("\n")
                at = chance.randrange(len(lines))
                lines[at:at + 1] = chance.choice([[], [lines[at]] * 2, [""], ["%zz"], ["%00"], ["[MASK]"], ["\r"], ["x" * 70_000]])
                file.write_text("\n".join(lines))
            else:
                text = json.dumps(mutate(json.loads(file.read_text()), chance))
                file.write_text(text if chance.random() < 0.95 else text.replace("{", "[" * chance.randrange(100_000) + "{", 1))
            if chance.random() < 0.7: seal(folder / "model")
            else: os.remove(folder / "model/cloze.json")
            words = chance.choice([["similar", "model", "--all"], ["recommend", "model", "--log", "log.csv", "--force"],
                                   ["explain", "model", "--history", "1,2,3", "--allow-unknown"], ["report", "model"],
                                   ["evaluate", "model", "--log", "log.csv"], ["export", "model", "--to", "hf"]])
            code, _, errors = t.run(folder, *words)
        t.note(f"changed {name}")
        t.judge(f"changed {name} ({number}), {words[0]}", code, errors)
    t.each(range(1_000_000), one, until)


def safetensors(data, chance):
    """Another header over the same numbers."""
    length = struct.unpack("<Q", data[:8])[0]
    header = mutate(json.loads(data[8:8 + length]), chance)
    text = json.dumps(header).encode()
    claimed = len(text) if chance.random() < 0.8 else chance.choice([0, 1, len(text) - 1, 2**40, 2**63, 2**64 - 1])
    return struct.pack("<Q", claimed) + text + data[8 + length:]


def stores(t, until):
    """A store that SQLite finds whole and that says something else: noticed, or the same answer."""
    whole = {}
    for words in (["recommend", "model", "--store", "shop.sqlite", "--force"], ["evaluate", "--store", "shop.sqlite"]):
        whole[words[0]] = t.run(t.base, *words, timeout=300)[1]

    def one(number):
        chance = t.chance(f"stores/{number}")
        with t.case("store") as folder:
            with sqlite3.connect(folder / "shop.sqlite") as store:
                what = change(store, chance)
            words = chance.choice([["check", "shop.sqlite"], ["recommend", "model", "--store", "shop.sqlite", "--force"],
                                   ["evaluate", "--store", "shop.sqlite"], ["import", "more.csv", "--store", "shop.sqlite"],
                                   ["check", "shop.sqlite", "--repair"]])
            code, out, errors = t.run(folder, *words)
        t.note("changed store")
        where = f"store with {what} ({number}), {' '.join(words)}"
        t.judge(where, code, errors)
        if code == 0 and words[0] in whole and out != whole[words[0]]: t.found(f"{where}: another answer in silence")
    t.each(range(1_000_000), one, until)


def change(store, chance):
    """Some change of a table, and what it was."""
    store.isolation_level = None
    store.execute("PRAGMA ignore_check_constraints = 1")
    store.execute("PRAGMA foreign_keys = 0")
    tables = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    table = chance.choice(tables)
    columns = [row[1] for row in store.execute(f'PRAGMA table_info("{table}")')]
    column = chance.choice(columns)
    value = chance.choice([None, -1, 0, 2**31, 2**63 - 1, 1.5, "", "x", "\u001b[2J", b"\xff\x00", "y" * 100_000])
    actions = [
        (f"UPDATE {table}.{column}", f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = (SELECT rowid FROM "{table}" ORDER BY random() LIMIT 1)', (value,)),
        (f"DELETE {table}", f'DELETE FROM "{table}" WHERE rowid = (SELECT rowid FROM "{table}" ORDER BY random() LIMIT 1)', ()),
        (f"DROP {table}", f'DROP TABLE "{table}"', ()),
        (f"DROP {table}.{column}", f'ALTER TABLE "{table}" DROP COLUMN "{column}"', ()),
        (f"RENAME {table}.{column}", f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO "{column}x"', ()),
        ("user_version", f"PRAGMA user_version = {chance.choice([-1, 0, 1, 999, 2**31 - 1])}", ()),
        ("application_id", f"PRAGMA application_id = {chance.choice([-1, 0, 7])}", ()),
        ("swap of two ids", "UPDATE items SET name = name || 'z' WHERE id = 1", ()),
        ("WAL", "PRAGMA journal_mode = WAL", ()),
    ]
    what, sql, values = chance.choice(actions)
    try:
        store.execute(sql, values)
    except sqlite3.Error:
        return f"{what} that SQLite refused"
    return what
