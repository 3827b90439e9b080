// Body of a function that Gradio calls with the list of conversations as `element`. They are kept in this browser.
const STORE = "nov-gesprekken";
const CURRENT = "nov-gesprek";
const MOST = 50;
const list = element.querySelector("#kept ul");
const none = element.querySelector("#kept .none");
const status = element.querySelector("#kept [role=status]");
let current = null;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) || "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

// The oldest go when there is no room for all.
function write(kept) {
  for (let most = Math.min(MOST, kept.length); most >= 0; most -= 1) {
    try {
      localStorage.setItem(STORE, JSON.stringify(kept.slice(0, most)));
      return;
    } catch {
      // No room: try again with one less.
    }
  }
}

function setCurrent(id) {
  current = id;
  try {
    if (id) sessionStorage.setItem(CURRENT, id);
    else sessionStorage.removeItem(CURRENT);
  } catch {
    // Without storage a conversation lives as long as the page.
  }
}

function save(turns) {
  if (!turns.length) return setCurrent(null);
  const kept = read();
  const before = kept.find((conversation) => conversation.id === current);
  if (!before) setCurrent(crypto.getRandomValues(new Uint32Array(4)).join("-"));
  const changed = {
    id: current,
    title: before?.title ?? turns[0].answer.question.slice(0, 120),
    when: new Date().toISOString(),
    turns,
  };
  if (JSON.stringify(before?.turns) === JSON.stringify(turns)) return;
  write([changed, ...kept.filter((conversation) => conversation.id !== current)]);
}

async function take(format, title, turns) {
  say("");
  const file = (await server.take({ format, title, turns, page: location.origin + location.pathname })) ?? {
    error: "Het bestand is niet gemaakt: de assistent is nu niet bereikbaar. Probeer het straks nog een keer.",
  };
  if (file.error) return say(file.error);
  const bytes = Uint8Array.from(atob(file.content), (sign) => sign.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: file.type }));
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  URL.revokeObjectURL(link.href);
}

// Beside the buttons that were used: in the list of conversations, or under the last answer.
function say(text) {
  const group = [...document.querySelectorAll("#conversation [aria-label='Gesprek meenemen']")].at(-1);
  const place = element.querySelector("#kept").hidden ? (group && statusIn(group)) : status;
  if (place) place.textContent = text;
}

function statusIn(group) {
  const made = group.querySelector("[role=status]") ?? document.createElement("span");
  made.setAttribute("role", "status");
  group.append(made);
  return made;
}

function button(text, name, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.setAttribute("aria-label", `${text}: ${name}`);
  made.addEventListener("click", () => action(made));
  return made;
}

function rename(item, conversation) {
  const form = document.createElement("form");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const ready = document.createElement("button");
  label.textContent = "Nieuwe naam ";
  input.value = conversation.title;
  input.maxLength = 120;
  input.required = true;
  ready.textContent = "Bewaar";
  label.append(input);
  form.append(label, ready);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const title = input.value.trim();
    if (!title) return;
    write(read().map((other) => (other.id === conversation.id ? { ...other, title } : other)));
    render();
    say("De naam is veranderd.");
  });
  item.replaceChildren(form);
  input.select();
}

function remove(conversation) {
  write(read().filter((other) => other.id !== conversation.id));
  if (conversation.id === current) {
    setCurrent(null);
    trigger("open", { turns: [], page: "" });
  }
  render();
  say("Het gesprek is verwijderd.");
  element.querySelector("#kept").focus();
}

function open(conversation) {
  setCurrent(conversation.id);
  document.dispatchEvent(new CustomEvent("nov:view", { detail: "gesprek" }));
  document.dispatchEvent(new CustomEvent("nov:new"));
  trigger("open", { turns: conversation.turns, page: location.origin + location.pathname });
}

function row(conversation) {
  const item = document.createElement("li");
  const name = conversation.title;
  const opener = button(name, "Open", () => open(conversation));
  opener.className = "open";
  opener.setAttribute("aria-label", `Open: ${name}`);
  const facts = document.createElement("span");
  facts.className = "facts";
  const kept = new Date(conversation.when);
  const format = new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeStyle: "short" });
  const when = Number.isNaN(kept.getTime()) ? "Datum onbekend" : format.format(kept);
  facts.textContent = `${when} · ${conversation.turns.length === 1 ? "1 vraag" : `${conversation.turns.length} vragen`}`;
  const actions = document.createElement("p");
  actions.className = "actions";
  actions.append(
    button("Word", name, () => take("word", name, conversation.turns)),
    button("Markdown", name, () => take("markdown", name, conversation.turns)),
    button("Andere naam", name, () => rename(item, conversation)),
    button("Verwijder", name, (made) => {
      made.replaceWith(button("Ja, verwijder", name, () => remove(conversation)));
      actions.querySelector("button:last-child").focus();
    }),
  );
  item.append(opener, facts, actions);
  return item;
}

function render() {
  const kept = read().filter((conversation) => conversation?.id && Array.isArray(conversation.turns));
  list.replaceChildren(...kept.map(row));
  none.hidden = kept.length > 0;
}

try {
  current = sessionStorage.getItem(CURRENT);
} catch {
  current = null;
}
document.addEventListener("nov:link", () => setCurrent(null));
element.querySelector("#kept").hidden = document.body.dataset.view !== "gesprekken";
render();
watch("value", () => save(props.value?.turns ?? []));
document.addEventListener("nov:kept", () => {
  say("");
  render();
});
document.addEventListener("nov:save", (event) => {
  const turns = props.value?.turns ?? [];
  const title = read().find((conversation) => conversation.id === current)?.title ?? "";
  take(event.detail, title, turns);
});
