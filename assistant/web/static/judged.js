(outcome) => {
  document.dispatchEvent(new CustomEvent("nov:judged", { detail: outcome }));
}
