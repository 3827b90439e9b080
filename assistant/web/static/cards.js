// The card of a citation number: what is quoted and from where, while the number has the mouse or the focus.
{
  const card = document.createElement("div");
  card.id = "card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  element.after(card);
  let owner = null;
  let leaving = 0;

  function line(tag, className, text) {
    const part = document.createElement(tag);
    part.className = className;
    part.textContent = text;
    return part;
  }

  function hide() {
    clearTimeout(leaving);
    owner?.removeAttribute("aria-describedby");
    owner = null;
    card.hidden = true;
  }

  function show(number) {
    clearTimeout(leaving);
    if (number === owner) return;
    hide();
    owner = number;
    const { title, facts, quote } = number.dataset;
    card.replaceChildren(line("strong", "title", title), line("span", "facts", facts), line("q", "", quote));
    number.setAttribute("aria-describedby", "card");
    card.hidden = false;
    const at = number.getBoundingClientRect();
    const left = Math.min(at.left, document.documentElement.clientWidth - card.offsetWidth - 8);
    const below = at.bottom + 6;
    const above = at.top - card.offsetHeight - 6;
    card.style.left = `${Math.max(8, left)}px`;
    card.style.top = `${below + card.offsetHeight > window.innerHeight && above > 0 ? above : below}px`;
  }

  // The mouse may go from the number to the card without losing it.
  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 200);
  }

  const numberOf = (event) => event.target.closest?.(".cite[data-quote]");

  element.addEventListener("pointerover", (event) => {
    const number = numberOf(event);
    if (number && event.pointerType === "mouse") show(number);
  });
  element.addEventListener("pointerout", (event) => {
    if (numberOf(event)) leave();
  });
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  element.addEventListener("focusin", (event) => {
    const number = numberOf(event);
    if (number?.matches(":focus-visible")) show(number);
  });
  element.addEventListener("focusout", hide);
  element.addEventListener("click", hide);
  window.addEventListener("scroll", () => owner && !owner.matches(":focus") && hide(), { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  watch("value", hide);
}
