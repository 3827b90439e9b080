// What Gradio itself says in English, in Dutch.
const DUTCH = {
  "Connection Lost": "Geen verbinding",
  "Connection to the server was lost. Attempting reconnection...": "De verbinding is weg. Ik probeer het opnieuw …",
  "Connection errored out.": "De verbinding is verbroken.",
  "This application is currently busy. Please try again.": "Het is nu druk. Probeer het zo nog eens.",
  Connected: "Verbonden",
  Reconnected: "Weer verbonden",
  Error: "Fout",
  Warning: "Let op",
  Info: "Bericht",
  Success: "Gelukt",
  Close: "Sluiten",
};

function translate(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (Object.hasOwn(DUTCH, text.data.trim())) text.data = DUTCH[text.data.trim()];
  }
  for (const part of root.querySelectorAll("[aria-label]")) {
    const label = part.getAttribute("aria-label");
    if (Object.hasOwn(DUTCH, label)) part.setAttribute("aria-label", DUTCH[label]);
  }
}

new MutationObserver(() => {
  for (const toast of document.querySelectorAll(".toast-wrap")) translate(toast);
}).observe(document.body, { childList: true, subtree: true });
