// Body of a function that Gradio calls with what stands above the question as `element`: filters, and editing.
const dialog = element.querySelector("dialog");
const form = dialog.querySelector("form");
const chips = element.querySelector(".chips");
const editing = element.querySelector(".editing");
const lists = ["documents", "kinds", "voices"];
const page = location.origin + location.pathname;
let replace = false;
let ready = false;

function fields() {
  return [...form.elements].filter((field) => (field.type === "checkbox" ? field.checked : field.value && field.name));
}

function publish() {
  const filters = { since: "", until: "" };
  for (const name of lists) filters[name] = [];
  for (const field of fields()) {
    if (lists.includes(field.name)) filters[field.name].push(field.value);
    else if (field.name in filters) filters[field.name] = field.value;
  }
  props.value = { filters, replace, page };
}

function dutchDate(iso) {
  return new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeZone: "UTC" }).format(new Date(iso));
}

function label(field) {
  if (field.name === "since") return `vanaf ${dutchDate(field.value)}`;
  if (field.name === "until") return `tot en met ${dutchDate(field.value)}`;
  return field.closest("label").textContent.trim();
}

function chip(field) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label(field);
  button.setAttribute("aria-label", `Filter weghalen: ${label(field)}`);
  button.addEventListener("click", () => {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
    changed();
    (chips.querySelector("button") ?? element.querySelector("[data-filter]")).focus();
  });
  item.append(button);
  return item;
}

function changed() {
  const chosen = fields();
  chips.replaceChildren(...chosen.map(chip));
  chips.hidden = !chosen.length;
  publish();
}

function edit(on) {
  replace = on;
  editing.hidden = !on;
  publish();
}

async function openFilters() {
  if (!ready) {
    const html = await server.filter_form({});
    ready = html !== undefined;
    form.innerHTML = html ?? "De filters kunnen nu niet worden geopend. Laad de pagina opnieuw.";
  }
  dialog.showModal();
}

form.addEventListener("change", changed);
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-filter]")) openFilters();
  if (event.target.closest("[data-close]") || event.target === dialog) dialog.close();
  if (event.target.closest("[data-clear]")) {
    form.reset();
    changed();
  }
  if (event.target.closest("[data-keep]")) {
    edit(false);
    setQuestion("");
  }
});

// Gradio takes over what is typed on an input event.
function setQuestion(text) {
  const box = document.querySelector("#question textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

document.addEventListener("nov:edit", (event) => {
  edit(true);
  setQuestion(event.detail);
});
document.addEventListener("nov:asked", () => replace && edit(false));
document.addEventListener("nov:new", () => replace && edit(false));
// Gradio puts its own first value back when the page is ready.
watch("value", () => props.value?.page || publish());
publish();
