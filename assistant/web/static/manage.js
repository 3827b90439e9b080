// Body of a function that Gradio calls with the operators' part of the page as `element`. The server says who may have it.
const section = element.querySelector("#manage");
const FAILED = "Dat lukte niet. Controleer of de assistent nog draait en laad de pagina opnieuw.";
const files = new Map();
const find = (part) => section.querySelector(part);

async function call(name, request = {}) {
  return (await server[name](request)) ?? { message: FAILED };
}

function show({ message, shelf }) {
  if (shelf) find("[data-shelf]").innerHTML = shelf;
  find(".said").textContent = message;
}

function button(text, action) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  made.addEventListener("click", () => action(made));
  return made;
}

// The fields for what can be said of a document, with what is said of it now.
function fields(said = {}) {
  const made = find("template").content.cloneNode(true);
  for (const input of made.querySelectorAll("input")) input.value = said[input.name] ?? "";
  return made;
}

const values = (part) => Object.fromEntries([...part.querySelectorAll("input")].map(({ name, value }) => [name, value]));

// --- adding and replacing

function offer(file) {
  const item = document.createElement("fieldset");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  item.append(Object.assign(document.createElement("legend"), { textContent: file.name }), fields(), status);
  if (file.size > Number(find("[data-max]").dataset.max)) status.textContent = "Dit bestand is te groot.";
  else files.set(item, file);
  return item;
}

function choose(input) {
  files.clear();
  find("[data-chosen]").replaceChildren(...[...input.files].map(offer));
  find("[data-put] [type=submit]").hidden = !files.size;
}

async function put(item, replace) {
  const status = item.querySelector("[role=status]");
  status.textContent = "Bezig …";
  const about = JSON.stringify({ replace, values: values(item) });
  const answer = await call("put_document", { binary: true, data: { file: files.get(item), about } });
  if (answer.outcome === "kept") {
    files.delete(item);
    item.remove();
    show(answer);
    if (!files.size) find("[data-put]").reset();
    find("[data-put] [type=submit]").hidden = !files.size;
    return;
  }
  status.textContent = `${answer.message} `;
  if (answer.outcome === "exists") status.append(button("Ja, vervang", () => put(item, true)));
}

async function putAll(submit) {
  submit.disabled = true;
  for (const item of [...files.keys()]) await put(item, false);
  submit.disabled = false;
}

// --- describing and removing

function describe(item) {
  if (item.querySelector("form")) return item.querySelector("form").remove();
  const form = document.createElement("form");
  form.dataset.name = item.dataset.name;
  const ready = document.createElement("p");
  ready.append(Object.assign(document.createElement("button"), { textContent: "Bewaar" }));
  form.append(fields(item.dataset), ready);
  item.append(form);
  form.querySelector("input").focus();
}

function remove(asked, name) {
  const sure = button("Ja, verwijder", async () => {
    show(await call("remove_document", { name }));
    section.focus();
  });
  sure.setAttribute("aria-label", `Ja, verwijder: ${name}`);
  asked.replaceWith(sure);
  sure.focus();
}

// --- the index

async function follow() {
  const row = find(".progress");
  const bar = row.querySelector("progress");
  find("[data-update]").disabled = true;
  row.hidden = false;
  let step = await call("follow_update");
  while (step.busy) {
    row.querySelector("span").textContent = step.total ? `${step.what}: ${step.done} van ${step.total}` : `${step.what} …`;
    if (step.total) Object.assign(bar, { max: step.total, value: step.done });
    else bar.removeAttribute("value");
    await new Promise((ready) => setTimeout(ready, 500));
    step = await call("follow_update");
  }
  row.hidden = true;
  find("[data-update]").disabled = false;
  show(step);
}

async function update() {
  const begun = await call("update_index");
  if (begun.busy) follow();
  else show(begun);
}

// --- events

section.addEventListener("change", (event) => {
  if (event.target.type === "file") choose(event.target);
});
section.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if ("put" in form.dataset) return putAll(event.submitter ?? find("[data-put] [type=submit]"));
  show(await call("describe_document", { name: form.dataset.name, values: values(form) }));
  section.focus();
});
section.addEventListener("click", (event) => {
  const { dataset } = event.target;
  if ("update" in dataset) update();
  if ("describe" in dataset) describe(event.target.closest("li"));
  if ("remove" in dataset) remove(event.target, event.target.closest("li").dataset.name);
});

function begin({ page, busy }) {
  section.innerHTML = page;
  const link = document.createElement("a");
  Object.assign(link, { href: "?beeld=beheer", textContent: "Documenten beheren" });
  link.dataset.view = "beheer";
  document.querySelector("#header nav").append(link);
  // This part may be what the address asks for.
  if (new URLSearchParams(location.search).get("beeld") === "beheer") window.dispatchEvent(new PopStateEvent("popstate"));
  if (busy) follow();
}

server.look_over({}).then((answer) => answer && begin(answer));
