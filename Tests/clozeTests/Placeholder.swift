// cloze
