"""One log as a file, on standard input and in a store: the same log, or the same refusal."""
import gzip, json, sqlite3, time


def pieces(chance):
    """A small log in some dialect, then a few changes of its bytes."""
    separator = chance.choice([",", ",", ";", "\t", "|", "::"])
    header = chance.choice([["user", "item", "timestamp"], ["userId", "movieId", "time"], ["user", "item"], []])
    width = len(header) or 3
    rows = []
    for user in range(chance.randrange(2, 9)):
        for event in range(chance.randrange(1, 9)):
            name = chance.choice([f"u{user}", str(user), f"ü{user}", f'"u {user}"', f"={user}"])
            rows.append([name, f"i{chance.randrange(12)}", str(1_600_000_000 + 86_400 * event + user)][:width])
    end = chance.choice(["\n", "\n", "\r\n", "\r"])
    lines = ([separator.join(header)] if header else []) + [separator.join(row) for row in rows]
    if chance.random() < 0.15:
        text = "".join(json.dumps(dict(zip(header or ["user", "item", "timestamp"], row))) + "\n" for row in rows)
    else: text = end.join(lines) + chance.choice([end, ""])
    data = bytearray(text.encode())
    for _ in range(chance.choice([0, 0, 1, 1, 2, 5])):
        at = chance.randrange(len(data) + 1)
        what = chance.random()
        if what < 0.3: data[at:at] = chance.choice([b"\0", b"\x1b[31m", b"\xff", b"\xef\xbb\xbf", b'"', b"\n\n", b"\r", b",", b"\t", b"#", b"NULL"])
        elif what < 0.6 and at < len(data): data[at] ^= 1 << chance.randrange(8)
        elif what < 0.8: del data[at:at + chance.randrange(1, 9)]
        else: data[at:at] = data[at // 2:at // 2 + chance.randrange(1, 60)]
    return bytes(data)


def same(text, *names):
    for name in names: text = text.replace(name, "LOG")
    return text


def torture(t, until):
    def one(number):
        data = pieces(t.chance(f"logs/{number}"))
        with t.case("log", of=t.empty) as folder:
            (folder / "the.log").write_bytes(data)
            (folder / "the.log.gz").write_bytes(gzip.compress(data))
            where = f"log {number}"
            code, out, errors = t.run(folder, "check", "the.log", "--json")
            t.judge(f"{where}, check", code, errors)
            for name, words, input in (("standard input", ["check", "-", "--json"], data), ("gzip", ["check", "the.log.gz", "--json"], None)):
                other, text, said = t.run(folder, *words, input=input)
                t.judge(f"{where}, {name}", other, said)
                if other != code: t.found(f"{where}: a file ends with {code}, {name} with {other}: {errors.strip()[-200:]} | {said.strip()[-200:]}")
                elif code == 0 and report(out) != report(text): t.found(f"{where}: {name} is read as another log")
            code, _, errors = t.run(folder, "import", "the.log", "--store", "the.sqlite")
            t.judge(f"{where}, import", code, errors)
            direct, out, errors = t.run(folder, "evaluate", "--log", "the.log", "--json")
            t.judge(f"{where}, evaluate", direct, errors)
            if code == 0:
                stored, text, said = t.run(folder, "evaluate", "--store", "the.sqlite", "--json")
                t.judge(f"{where}, evaluate the store", stored, said)
                if stored != direct: t.found(f"{where}: evaluate ends with {direct} on the file, with {stored} on its store: {errors.strip()[-200:]} | {said.strip()[-200:]}")
                elif stored == 0 and figures(out) != figures(text): t.found(f"{where}: its store gives other figures")
            elif direct == 0: t.found(f"{where}: evaluate reads what import refuses: {errors.strip()[-200:]}")
        t.note("logs as file, stdin, gzip and store")
    t.empty = t.work / "empty"
    t.empty.mkdir(exist_ok=True)
    t.each(range(1_000_000), one, until)


def report(text):
    """A report without the name of the file and how it was packed."""
    value = json.loads(text)
    for part in value if isinstance(value, list) else [value]:
        for key in ("file", "format", "compression", "bytes", "name"): part.pop(key, None)
    return value


def figures(text):
    """Every figure and the log's fingerprint, without what the log is called and how long it took."""
    def strip(value):
        if isinstance(value, dict):
            return {k: strip(v) for k, v in value.items() if k not in ("name", "seconds", "provenance")}
        if isinstance(value, list): return [strip(v) for v in value]
        return value
    return strip(json.loads(text))
