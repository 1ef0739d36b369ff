// The page at /: a history is chosen or typed, its list is asked for, an item of it is explained. No state but this.
"use strict";
const at = id => document.getElementById(id);
const state = { user: null, items: [], unknown: new Set(), asked: 0 };

async function ask(path, body) {
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

// Scores of popular items are numbers of events.
const shown = score => Number.isInteger(score) ? `${score}` : score.toPrecision(4);

function row(entry, place, action, label) {
  const line = element("li");
  const name = element("button", entry.title || entry.item, "name");
  name.type = "button";
  name.addEventListener("click", () => attempt(() => explain(entry.item)));
  const button = element("button", label);
  button.type = "button";
  button.setAttribute("aria-label", `${label} ${entry.item}`);
  button.addEventListener("click", () => attempt(() => action(entry.item)));
  line.append(element("span", place, "rank"), name, element("span", shown(entry.score), "score"), button);
  return line;
}

function showHistory() {
  at("history").replaceChildren(...state.items.map(
    item => element("li", item, state.unknown.has(item) ? "unknown" : "")));
  at("undo").disabled = at("clear").disabled = state.items.length === 0;
}

async function showList() {
  const asked = ++state.asked;
  const answer = await ask("v1/recommend", { items: state.items, k: 20, exclude_seen: at("seen").checked });
  // A later request may be answered before an earlier one.
  if (asked !== state.asked) return;
  state.unknown = new Set(answer.unknown_items);
  showHistory();
  const sources = {
    model: "From the model, after this history.", prior: "From the model, without a history.",
    popular: "The most frequent items of the log, by their events: nothing of the history is known.",
    none: "No candidate is left.",
  };
  const unknown = answer.unknown_items.length;
  at("source").textContent = sources[answer.source]
    + (unknown ? ` ${unknown} of the history ${unknown === 1 ? "is" : "are"} unknown to the model.` : "");
  at("list").replaceChildren(...answer.items.map((entry, place) => row(entry, place + 1, add, "add")));
}

async function add(item) {
  state.items.push(item);
  at("detail").hidden = true;
  await showList();
}

async function explain(item) {
  const [answer, near] = await Promise.all([
    state.items.length > 0
      ? ask("v1/explain", { items: state.items, item }).catch(error => ({ error })) : Promise.resolve(null),
    ask("v1/similar", { item, k: 8 }),
  ]);
  at("detail-title").textContent = item;
  const parts = answer && answer.history ? answer.history : [];
  at("place").textContent = answer && answer.history
    ? `Score ${shown(answer.score)}, rank ${answer.rank} of all items.`
    : answer && answer.error ? answer.error.message : "There is no history to explain it from.";
  const largest = Math.max(1e-9, ...parts.map(part => Math.abs(part.score_change)));
  at("parts").replaceChildren(...[...parts].reverse().map(part => {
    const line = element("li");
    line.append(element("span", part.item, "label"), bar(part.score_change / largest));
    line.append(element("span", (part.score_change > 0 ? "+" : "") + part.score_change.toFixed(2), "score"));
    return line;
  }));
  at("similar").replaceChildren(...near.similar.map((entry, place) => row(entry, place + 1, add, "add")));
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

function completes(input, list, kind) {
  let timer = 0;
  at(input).addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await ask(`v1/${kind}?count=20&search=${encodeURIComponent(at(input).value)}`).catch(() => null);
      if (answer) at(list).replaceChildren(...answer[kind].map(id => Object.assign(element("option"), { value: id })));
    }, 120);
  });
  at(input).addEventListener("focus", () => at(input).dispatchEvent(new Event("input")), { once: true });
}

at("choose").addEventListener("submit", event => {
  event.preventDefault();
  const user = at("user").value;
  if (user) attempt(async () => {
    const answer = await ask(`v1/users/${encodeURIComponent(user)}`);
    state.items = answer.items;
    at("detail").hidden = true;
    await showList();
  });
});
at("add").addEventListener("submit", event => {
  event.preventDefault();
  const item = at("item").value;
  at("item").value = "";
  if (item) attempt(() => add(item));
});
at("undo").addEventListener("click", () => attempt(async () => { state.items.pop(); await showList(); }));
at("clear").addEventListener("click", () => attempt(async () => { state.items = []; await showList(); }));
at("seen").addEventListener("change", () => attempt(showList));
completes("user", "users", "users");
completes("item", "items", "items");
attempt(async () => {
  const model = await ask("v1/model");
  at("model").textContent = `${model.name}, ${model.items} items, ${model.model}`
    + (model.log ? `; ${model.log.events} events of ${model.log.users} users` : "");
  at("choose").hidden = !model.log;
  await showList();
});
