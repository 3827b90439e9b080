// Body of a function that Gradio calls with the reader's frame as `element`; `server` reaches the Python functions.
const reader = element.querySelector("#reader");
const wide = window.matchMedia("(min-width: 900px)");
const failure = "<header><h2 id='reader-title'>Het document kan nu niet worden geopend</h2></header>"
  + "<div class='text'><p>Controleer of de assistent nog draait en laad de pagina opnieuw.</p></div>";
let opener = null;
let request = 0;

function fill(html) {
  reader.innerHTML = `<nav><button type="button" data-document="">Alle documenten</button>
    <button type="button" data-close>Sluiten</button></nav>${html}`;
}

function show() {
  if (reader.open) return;
  if (!wide.matches) return reader.showModal();
  reader.show();
  // The conversation has become narrower and longer: what was clicked stays in sight.
  opener.scrollIntoView({ block: "nearest" });
}

// The quotation gets the focus, so that a screen reader reads on from there and the arrow keys scroll the text.
function showQuotation() {
  const text = reader.querySelector(".text");
  const mark = text.querySelector("mark");
  if (!mark) return text.focus({ preventScroll: true });
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
  const above = mark.getBoundingClientRect().top - text.getBoundingClientRect().top;
  text.scrollTop += above - text.clientHeight / 4;
}

async function open(place) {
  const current = ++request;
  let html = failure;
  try {
    html = await server.open_document({ ...place.dataset });
  } catch (error) {
    console.error(error);
  }
  if (current !== request) return;
  fill(html);
  show();
  showQuotation();
}

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-document]");
  if (!place) return;
  event.preventDefault();
  if (!reader.contains(place)) {
    opener?.removeAttribute("aria-current");
    opener = place;
    opener.setAttribute("aria-current", "true");
  }
  open(place);
});

reader.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) reader.close();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && reader.open) reader.close();
});

reader.addEventListener("close", () => {
  request++;
  opener?.removeAttribute("aria-current");
  if (opener?.isConnected && !document.activeElement?.closest("#composer")) opener.focus();
});
