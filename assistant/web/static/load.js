() => {
  const page = location.origin + location.pathname;
  const link = location.hash.startsWith("#vraag=") ? location.hash : "";
  let turns = [];
  try {
    if (link) {
      // A link to an answer begins a conversation of its own.
      sessionStorage.removeItem("nov-gesprek");
    } else {
      // A conversation that was open in this tab when the page was left or loaded again.
      const open = sessionStorage.getItem("nov-gesprek");
      const kept = JSON.parse(localStorage.getItem("nov-gesprekken") || "[]");
      turns = kept.find((conversation) => conversation.id === open)?.turns ?? [];
    }
  } catch (error) {
    console.warn(error);
  }
  if (link) {
    document.dispatchEvent(new CustomEvent("nov:link"));
    // It is read once: who loads the page again wants the conversation, which is kept here.
    history.replaceState({}, "", location.pathname);
  }
  return [{ turns, page, link }];
}
