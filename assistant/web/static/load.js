() => {
  // A conversation that was open in this tab when the page was left or loaded again.
  let turns = [];
  try {
    const open = sessionStorage.getItem("nov-gesprek");
    const kept = JSON.parse(localStorage.getItem("nov-gesprekken") || "[]");
    turns = kept.find((conversation) => conversation.id === open)?.turns ?? [];
  } catch (error) {
    console.warn(error);
  }
  return [{ turns, page: location.origin + location.pathname }];
}
