"""Writes golden tokenisations of Hugging Face's BertTokenizer over a small vocabulary composed here.

    python make_golden.py            (needs transformers, PyPI; written with 5.23.0)

vocab.txt       the vocabulary
golden.jsonl    {"text", "uncased": {"ids", "words"}, "cased": {"ids", "words"}} per line; "words" numbers the word of each
                piece from 0
"""
import json, os, random
from transformers import BertTokenizer

here = os.path.dirname(os.path.abspath(__file__))
letters = "abcdefghijklmnopqrstuvwxyz"
specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
whole = """the of and to in a is that it was for on as with he be at by i this had not are but from or have an they which
one you were her all she there would their we him been has when who will more no if out so said what up its about into
than them can only other new some could time these two may then do first any my now such like our over man me even most
made after also did many before must through back years where much your way well down should because each just those
people how too little state good very make world still own see men work long get here between both life being under
never day same another know while last might us great old year off come since against go came right used take three
straße strasse cafe résumé naive façade über zoë москва привет мир αθήνα σοφια 東 京 日 本 中 国 人 大 ひらがな カタカナ 안녕 하세요
שלום سلام नमस्ते ไทย item user rating film star war matrix toy story play stop walk talk token masking 2023 1999 100 42""".split()
pieces = """ing ed er est s es ly ness ment able tion al ize less ful ism ist ity ive ous able ible un re ize ization 00 99 23
ö ä ü ß é 東 京 な い す か ラ 하 세요 ство ть ый ами ος ία""".split()
extra = "абвгдежзийклмнопрстуфхцчшщъыьэюя" + "αβγδεζηθικλμνξοπρστυφχψω" + "0123456789" + "øłđŧħœæðþı"
marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + "。、「」！？…—–«»“”‘’¿¡·•§¶†" + "€£¥©®™°±×÷"
emoji = ["😀", "🎉", "❤", "🚀", "👍"]
cased = ["The", "New", "York", "Ich", "Straße", "Zoë", "Résumé", "Москва", "Αθήνα", "NASA", "McDonald", "É", "Ö", "U", "S", "A"]
vocabulary = list(dict.fromkeys(
    specials + list(letters) + ["##" + c for c in letters] + whole + ["##" + p for p in pieces] + list(extra)
    + ["##" + c for c in extra] + list(marks) + emoji + cased + ["##\u0301", "##T", "##A", "##S", "e\u0301", "x" * 100]))
with open(os.path.join(here, "vocab.txt"), "w", encoding="utf-8", newline="\n") as f:
    f.writelines(token + "\n" for token in vocabulary)

fixed = [
    "", " ", "\t\n\r ", "the cat sat on the mat.", "Unaffable walking, talking & masking!", "[CLS] the [MASK] is [SEP]",
    "a[MASK]b", "[mask] [ MASK ] [MASK", "[UNK] [PAD] [pad]", "don't can't won't o'clock", "e-mail: someone@example.com",
    "https://example.org/path?query=1&b=%20#top", "3.14159 1,000,000.00 -5 +7 1e-9 50% $9.99 €20 £3 ¥100",
    "C++ C# F# .NET a.b.c __init__ x_y snake_case kebab-case CamelCase", "…ellipsis… and—dash–dash «quoted» “double” ‘single’",
    "Café résumé naïve façade Zoë über Ångström señor ÇA ÎLE ŒUVRE", "CAFE\u0301 re\u0301sume\u0301 nai\u0308ve Zoe\u0308",
    "e\u0301\u0302\u0303 a\u0323\u0301 q\u0307 \u0301alone", "İstanbul ISTANBUL ıstanbul Iğdır", "STRASSE Straße straẞe ẞ ß",
    "ΑΘΗΝΑ Αθήνα ΣΟΦΙΑ ΟΔΟΣ οδός ὈΔΟΣ", "ПРИВЕТ Привет мир, Ёлка йод Йод", "東京 日本 中国人 大", "我在東京 the 日本語 text混合text",
    "ひらがな カタカナ ガギグ が ぎ", "안녕하세요 하세요 한국어", "नमस्ते दुनिया", "ไทย ภาษาไทย", "שלום עולם שָׁלוֹם", "سلام العالم سَلَام",
    "😀 hello 🎉🎉 star🚀war ❤️ 👍🏽 👨‍👩‍👧 🇩🇪", "a😀b the😀", "flags 🏴󠁧󠁢󠁥󠁮󠁧󠁿 keycap 1️⃣", "x" * 99, "x" * 100, "x" * 101, "the" * 34, "é" * 100, "é" * 101,
    "😀" * 5, "a" * 50 + " " + "b" * 150, "中" * 120, "\u00a0non\u00a0breaking\u2003em\u3000ideographic\u2028line\u2029paragraph\u1680ogham",
    "zero\u200bwidth\u200cnon\u200djoiner\ufeffbom", "soft\u00adhyphen", "control\x00\x01\x02\x1f\x7f\x80\x9f chars", "bad\ufffdreplacement",
    "tab\tnew\nline\rreturn\x0bvt\x0cff\x85nel", "\ue000private \U000f0000plane", "ﬁ ﬂ ﬀ ligatures ² ³ ½ ① Ⅷ ℃ Å K Ω", "fullwidth ＡＢＣ ａｂｃ １２３ ！？",
    "𝐛𝐨𝐥𝐝 𝒊𝒕𝒂𝒍𝒊𝒄 𝔣𝔯𝔞𝔨𝔱𝔲𝔯", "豈 更 車 賈 滑 \U0002f800 \u9fff \u4dbf \U00020000 \U0002a6df \U0002b740 \U0002b820 \U0002b91f \U0002b920 \U0002ceaf",
    "\u3400\u4e00\uf900\ufaff 々 〇 〆 ヶ", "、。・ー〜「」『』【】", "؟ ، ؛ ۔ । ॥ ๛ ༄ ᠀ ‽ ⁂ ※ ‰ ′ ″", "+ < = > ^ ` | ~ $ ¢ ¬ ¯ ´ ¨ ¸",
    "a+b=c a<b a>b a|b a~b a^b a`b a$b a¢b a×b a÷b", "‘it’s’ — “ok”", "ab\u0300cd\u0327e\u20dd", "Ǆ ǅ ǆ Ǉ ǈ ŉ ǰ ΐ և ẖ", "ÀÈÌÒÙ àèìòù ÃÕÑ ĄĘŁŃŚŹŻ ŠČŘŽ ĞŞ",
    "Đường Việt Nam tiếng Việt phở", "Þór Æsir Ørsted øre łódź đak ħobż", "NASA McDonald The New York U.S.A.", "walkings playeds stopness unstoppable reworking",
]
random.seed(20)
bits = whole + cased + list(marks) + emoji + fixed[13:33] + [w + p for w in whole[:60] for p in pieces[:12]] + [
    "Ärger", "niño", "crème brûlée", "Dvořák", "smörgåsbord", "piñata", "Øyvind", "tokenization", "internationalization",
    "pneumonoultramicroscopicsilicovolcanoconiosis", "Donaudampfschifffahrtsgesellschaft", "supercalifragilistic", "item_42",
    "B000FQ9QVI", "tt0111161", "user@host", "100%", "3:45pm", "AC/DC", "rock'n'roll", "mother-in-law", "\u200b", "[MASK]", "[SEP]",
    "ё", "Й", "ё\u0301", "한글", "が", "は\u3099", "🤖", "🧑‍💻", "漢字kana", "x東x", "ΐ", "\u0345", "Å", "ſ", "K", "\u00ad", "a\u0301"]
glue = [" ", " ", " ", "  ", "", ",", ". ", "-", "\t", "\u00a0", "/", "'"]
lines = list(fixed)
while len(lines) < 640:
    lines.append("".join(random.choice(bits) + random.choice(glue) for _ in range(random.randint(1, 9))))

tokenizers = {name: BertTokenizer.from_pretrained(here, do_lower_case=name == "uncased") for name in ("uncased", "cased")}
with open(os.path.join(here, "golden.jsonl"), "w", encoding="utf-8", newline="\n") as f:
    for text in lines:
        line = {"text": text}
        for name, tokenizer in tokenizers.items():
            out = tokenizer(text, add_special_tokens=False)
            line[name] = {"ids": out["input_ids"], "words": out.word_ids()}
        f.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
print(len(lines), "lines,", len(vocabulary), "tokens")
