// The page at /: a history is chosen or typed, each model lists what comes next, an item of a list is explained.
"use strict";
const at = id => document.getElementById(id);
// titles: what items are called, as far as answers have said; models: one name, or two; latest: the number of the last list.
const state = { items: [], titles: new Map(), models: [], unknown: new Set(), latest: 0 };
const named = item => state.titles.get(item) || item;

async function call(path, body) {
  const response = await fetch(path, body === undefined ? {} : {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ? answer.error.message : `the server answers ${response.status}`);
  return answer;
}

async function attempt(work) {
  at("error").textContent = "";
  try { await work(); } catch (error) { at("error").textContent = error.message; }
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function learn(entries) {
  for (const { item, title } of entries) if (title) state.titles.set(item, title);
}

// Ids beside a list of their titles.
function learnTitles(answer) {
  learn((answer.titles || []).map((title, place) => ({ item: answer.items[place], title })));
}

// Scores of popular items are numbers of events.
const shown = score => score === null ? "–" : Number.isInteger(score) ? `${score}` : score.toPrecision(4);

const signed = change => Math.abs(change) < 0.005 ? "0" : (change > 0 ? "+" : "−") + Math.abs(change).toFixed(2);

function row(entry, place, model, elsewhere) {
  const line = element("li");
  const name = element("button", named(entry.item), "name");
  name.type = "button";
  name.title = entry.item;
  name.addEventListener("click", () => attempt(() => explain(entry.item, model)));
  const add = element("button", "add");
  add.type = "button";
  add.setAttribute("aria-label", `add ${named(entry.item)}`);
  add.addEventListener("click", () => attempt(() => addItem(entry.item)));
  line.append(element("span", place, "rank"), name);
  if (elsewhere !== undefined) {
    const mark = element("span", elsewhere ? `#${elsewhere}` : "new", elsewhere ? "elsewhere" : "elsewhere only");
    mark.title = elsewhere ? `number ${elsewhere} of the other model` : "not in the list of the other model";
    line.append(mark);
  }
  line.append(element("span", shown(entry.score), "score"), add);
  return line;
}

function showHistory() {
  at("history").replaceChildren(...state.items.map(item => {
    const line = element("li", named(item), state.unknown.has(item) ? "unknown" : "");
    line.title = item;
    return line;
  }));
  // The latest are at the end.
  at("history").scrollTop = at("history").scrollHeight;
  at("undo").disabled = at("clear").disabled = state.items.length === 0;
}

const sources = {
  model: "From the model, after this history.", prior: "From the model, without a history.",
  popular: "The most frequent items of the log, by their events: nothing of the history is known.",
  none: "No candidate is left.",
};

async function showLists() {
  const number = ++state.latest;
  const body = { items: state.items, k: 20, exclude_seen: at("seen").checked };
  const answers = await Promise.all(state.models.map(model => call("v1/recommend", { ...body, model })));
  // A later request may be answered before an earlier one.
  if (number !== state.latest) return;
  for (const answer of answers) learn(answer.items);
  state.unknown = new Set(answers[0].unknown_items);
  showHistory();
  const places = answers.map(answer => new Map(answer.items.map((entry, place) => [entry.item, place + 1])));
  answers.forEach((answer, model) => {
    const unknown = answer.unknown_items.length;
    at(model ? "other-source" : "source").textContent = sources[answer.source]
      + (unknown ? ` ${unknown} of the history ${unknown === 1 ? "is" : "are"} unknown to the model.` : "");
    const others = places[1 - model];
    at(model ? "other" : "list").replaceChildren(...answer.items.map((entry, place) =>
      row(entry, place + 1, model, others && (others.get(entry.item) || 0))));
  });
}

async function addItem(item) {
  state.items.push(item);
  at("detail").hidden = true;
  await showLists();
}

async function explain(item, number) {
  const model = state.models[number];
  const [answer, near] = await Promise.all([
    state.items.length > 0
      ? call("v1/explain", { items: state.items, item, model }).catch(error => ({ error })) : null,
    call("v1/similar", { item, k: 8, model }),
  ]);
  learn(near.similar);
  at("detail-title").textContent = named(item);
  const parts = answer && answer.history ? answer.history : [];
  const by = state.models.length > 1 ? ` by ${model}` : "";
  at("place").textContent = answer && answer.history
    ? `Score ${shown(answer.score)}, rank ${answer.rank} of all items${by}.`
    : answer && answer.error ? answer.error.message : "There is no history to explain it from.";
  const largest = Math.max(1e-9, ...parts.map(part => Math.abs(part.score_change)));
  at("parts").replaceChildren(...[...parts].reverse().map(part => {
    const line = element("li");
    const label = element("span", named(part.item), "label");
    label.title = part.item;
    line.append(label, bar(part.score_change / largest));
    line.append(element("span", signed(part.score_change), "score"));
    return line;
  }));
  at("similar").replaceChildren(...near.similar.map((entry, place) => row(entry, place + 1, number)));
  at("detail").hidden = false;
  at("detail-title").focus();
}

// A bar from the middle: to the right where the item raises the score.
function bar(share) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 200 10");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  const width = Math.abs(share) * 99;
  for (const [x, wide, kind] of [[99.5, 1, "axis"], [share < 0 ? 100 - width : 100, width, share < 0 ? "less" : "more"]]) {
    const part = document.createElementNS(space, "rect");
    for (const [name, value] of [["x", x], ["y", 0], ["width", wide], ["height", 10], ["class", kind]]) {
      part.setAttribute(name, value);
    }
    picture.append(part);
  }
  return picture;
}

// Completion as the ARIA practices have a combobox: arrows choose, Enter takes, Escape closes; what is typed stays an id.
function completes(id, kind, take) {
  const input = at(id), list = element("ul", undefined, "options");
  list.id = `${id}-options`;
  list.hidden = true;
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
    autocomplete: "off", spellcheck: "false", autocapitalize: "off",
  })) input.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", kind);
  input.after(list);
  let [ids, active, timer, latest] = [[], -1, 0, 0];
  function show(isOpen) {
    list.hidden = !isOpen || ids.length === 0;
    input.setAttribute("aria-expanded", `${!list.hidden}`);
    if (list.hidden) mark(-1);
  }
  function mark(place) {
    active = place;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", `${number === place}`));
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  }
  function finish(value) {
    clearTimeout(timer);
    latest++;
    input.value = "";
    show(false);
    if (value) attempt(() => take(value));
  }
  function option(value, place) {
    const line = element("li", named(value));
    line.id = `${list.id}-${place}`;
    line.setAttribute("role", "option");
    if (state.titles.has(value) && kind === "items") line.append(element("span", value, "id"));
    // Before the input loses its focus.
    line.addEventListener("mousedown", event => { event.preventDefault(); finish(value); });
    return line;
  }
  async function look() {
    const number = ++latest;
    const answer = await call(`v1/${kind}?count=12&search=${encodeURIComponent(input.value)}`).catch(() => null);
    if (number !== latest || !answer || document.activeElement !== input) return;
    if (kind === "items") learnTitles(answer);
    ids = answer[kind];
    list.replaceChildren(...ids.map(option));
    mark(-1);
    show(true);
  }
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
  input.addEventListener("blur", () => { latest++; show(false); });
  input.addEventListener("keydown", event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) { event.preventDefault(); look(); return; }
    if (step) { event.preventDefault(); mark((active + step + ids.length + (active < 0 && step < 0 ? 1 : 0)) % ids.length); }
    if (event.key === "Escape") { latest++; show(false); }
  });
  input.form.addEventListener("submit", event => {
    event.preventDefault();
    const typed = input.value.trim(), folded = typed.toLowerCase();
    // A whole title stands for its item.
    const titled = kind === "items" ? ids.find(id => named(id).toLowerCase() === folded) : undefined;
    finish(active >= 0 && !list.hidden ? ids[active] : titled || typed);
  });
}

completes("user", "users", async user => {
  const answer = await call(`v1/users/${encodeURIComponent(user)}`);
  learnTitles(answer);
  state.items = answer.items;
  at("detail").hidden = true;
  await showLists();
});
completes("item", "items", addItem);
at("undo").addEventListener("click", () => attempt(async () => { state.items.pop(); await showLists(); }));
at("clear").addEventListener("click", () => attempt(async () => { state.items = []; await showLists(); }));
at("seen").addEventListener("change", () => attempt(showLists));
attempt(async () => {
  const model = await call("v1/model");
  const all = model.compared ? [model, model.compared] : [model];
  state.models = all.map(each => each.name);
  at("model").textContent = all.map(each => `${each.name}, ${each.items} items, ${each.model}`).join("; ")
    + (model.log ? `; ${model.log.events} events of ${model.log.users} users` : "");
  at("choose").hidden = !model.log;
  if (model.titles) at("item").placeholder = "begin to type a title or an id";
  if (model.compared) {
    at("main").className = "compares";
    at("list-title").textContent = `Next items: ${model.name}`;
    at("other-title").textContent = `Next items: ${model.compared.name}`;
    at("other-section").hidden = false;
  }
  await showLists();
});
