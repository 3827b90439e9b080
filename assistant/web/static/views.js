// Body of a function that Gradio calls with the frame of the views as `element`. The address says which one is open.
const view = element.querySelector("#view");
const failure = "<h2 id='view-title'>Dit kan nu niet worden geopend</h2>"
  + "<p>Controleer of de assistent nog draait en laad de pagina opnieuw.</p>";
const names = ["gesprek", "standpunten", "bronnen", "gesprekken", "over"];
// The parts of the page that are made elsewhere; 'beheer' is empty for who may not have it.
const elsewhere = { gesprekken: "kept", beheer: "manage" };
let request = 0;

const asked = () => {
  const name = new URLSearchParams(location.search).get("beeld");
  return names.includes(name) || (name === "beheer" && document.querySelector("#manage > *")) ? name : "gesprek";
};

// What the server gives, or what to show when it gives nothing: Gradio catches errors itself.
async function load(call) {
  const current = ++request;
  const html = (await call()) ?? failure;
  return current === request ? html : null;
}

async function show(name, focus) {
  document.body.dataset.view = name;
  for (const link of document.querySelectorAll("#header [data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  // Such a part shows itself when it is made later than this one.
  for (const [other, id] of Object.entries(elsewhere)) {
    const part = document.getElementById(id);
    if (part) part.hidden = name !== other;
  }
  view.hidden = name === "gesprek" || name in elsewhere;
  if (name === "gesprekken") document.dispatchEvent(new CustomEvent("nov:kept"));
  if (!view.hidden) {
    view.setAttribute("aria-busy", "true");
    const html = await load(() => server.open_view(name));
    if (html === null) return;
    view.innerHTML = html;
    view.removeAttribute("aria-busy");
    view.setAttribute("aria-labelledby", "view-title");
  }
  if (!focus) return;
  window.scrollTo(0, 0);
  if (!view.hidden) view.focus({ preventScroll: true });
  else document.getElementById(elsewhere[name])?.focus({ preventScroll: true });
}

function go(name) {
  if (name === document.body.dataset.view) return;
  history.pushState({}, "", name === "gesprek" ? location.pathname : `?beeld=${name}`);
  show(name, true);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-view]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.dataset.view);
});
document.addEventListener("nov:view", (event) => go(event.detail));
window.addEventListener("popstate", () => show(asked(), false));

view.addEventListener("submit", async (event) => {
  event.preventDefault();
  const results = view.querySelector("[data-results]");
  results.setAttribute("aria-busy", "true");
  const html = await load(() => server.find_positions(Object.fromEntries(new FormData(event.target))));
  if (html === null) return;
  results.innerHTML = html;
  results.removeAttribute("aria-busy");
  // How many there are is told to who cannot see it; the statements themselves are too long for that.
  view.querySelector("[role=status]").textContent = results.querySelector(".found, .warning")?.textContent ?? "";
});

view.addEventListener("input", (event) => {
  if (!event.target.dataset.narrow) return;
  const wanted = event.target.value.trim().toLowerCase();
  const rows = [...view.querySelectorAll(event.target.dataset.narrow)];
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  const left = rows.filter((row) => !row.hidden).length;
  event.target.closest("p").querySelector("[role=status]").textContent = left === 1 ? "1 document" : `${left} documenten`;
});

show(asked(), false);
