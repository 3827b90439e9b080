// Body of a function that Gradio calls with the reader's frame as `element`; `server` reaches the Python functions.
const reader = element.querySelector("#reader");
const wide = window.matchMedia("(min-width: 900px)");
const failure = "<header><h2 id='reader-title'>Het document kan nu niet worden geopend</h2></header>"
  + "<div class='text'><p>Controleer of de assistent nog draait en laad de pagina opnieuw.</p></div>";
let opener = null;
let request = 0;
let searched = { words: "", found: [], at: -1 };

function fill(html) {
  reader.innerHTML = `<nav><button type="button" data-document="">Alle documenten</button>
    <button type="button" data-close>Sluiten</button></nav>${html}`;
  searched = { words: "", found: [], at: -1 };
  CSS.highlights?.clear();
}

function show() {
  if (reader.open) return;
  if (!wide.matches) return reader.showModal();
  reader.show();
  // The conversation has become narrower and longer: what was clicked stays in sight.
  opener?.scrollIntoView({ block: "nearest" });
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
  const html = (await server.open_document({ ...place })) ?? failure;
  if (current !== request) return;
  fill(html);
  show();
  showQuotation();
}

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-document]");
  if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!reader.contains(place)) {
    opener?.removeAttribute("aria-current");
    opener = place;
    opener.setAttribute("aria-current", "true");
  }
  open(place.dataset);
});

// An address such as ?doc=brief.txt#10-25-3735928559 opens the document at that place.
function openAddress() {
  const name = new URLSearchParams(location.search).get("doc");
  if (!name) return;
  const [start, end, check] = location.hash.slice(1).split("-");
  open({ document: name, start, end, check });
}

// --- inside a document

function jump(offset) {
  const heading = document.getElementById(`kop-${offset}`);
  reader.querySelector(".contents").open = false;
  heading.scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
}

async function copyLink(link) {
  await copy(link.href);
  link.focus();
  link.nextElementSibling.textContent = " Gekopieerd";
}

// Where the words stand, as ranges of the text as it is shown; without difference between capitals and small letters.
function occurrences(words) {
  const walker = document.createTreeWalker(reader.querySelector(".text"), NodeFilter.SHOW_TEXT);
  const nodes = [];
  let whole = "";
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, at: whole.length });
    whole += walker.currentNode.data.replace(/\s/g, " ").toLowerCase();
  }
  const place = (offset) => {
    const holder = nodes.findLast(({ at }) => at <= offset);
    return [holder.node, offset - holder.at];
  };
  const found = [];
  for (let at = whole.indexOf(words); at >= 0; at = whole.indexOf(words, at + words.length)) {
    const range = new Range();
    range.setStart(...place(at));
    const [node, last] = place(at + words.length - 1);
    range.setEnd(node, last + 1);
    found.push(range);
  }
  return found;
}

function search(form) {
  const words = form.elements.words.value.trim().replace(/\s+/g, " ").toLowerCase();
  if (words !== searched.words) searched = { words, found: words ? occurrences(words) : [], at: -1 };
  const { found } = searched;
  const count = form.querySelector("[role=status]");
  CSS.highlights?.clear();
  if (!found.length) {
    count.textContent = words ? "Niet gevonden" : "";
    return;
  }
  searched.at = (searched.at + 1) % found.length;
  CSS.highlights?.set("found", new Highlight(...found));
  CSS.highlights?.set("found-here", new Highlight(found[searched.at]));
  count.textContent = `${searched.at + 1} van ${found.length}`;
  const text = reader.querySelector(".text");
  text.scrollTop += found[searched.at].getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3;
}

reader.addEventListener("submit", (event) => {
  event.preventDefault();
  search(event.target);
});

reader.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) reader.close();
  const link = event.target.closest("[data-jump], [data-permalink]");
  if (!link) return;
  event.preventDefault();
  if ("jump" in link.dataset) jump(link.dataset.jump);
  else copyLink(link);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && reader.open) reader.close();
});

reader.addEventListener("close", () => {
  request++;
  opener?.removeAttribute("aria-current");
  if (opener?.isConnected && !document.activeElement?.closest("#composer")) opener.focus();
});

openAddress();
