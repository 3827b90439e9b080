// Asks whether each answer helped; only there when the operator keeps feedback.
{
  const SAID = {
    waiting: "Uw oordeel wordt bewaard …",
    kept: "Dank u. Uw oordeel is bewaard.",
    busy: "Het is nu erg druk. Uw oordeel is nog niet bewaard. Wacht een minuut en probeer het dan opnieuw.",
    failed: "Uw oordeel is niet bewaard. Probeer het later opnieuw. Blijft het misgaan? Meld het dan aan de beheerder.",
  };
  // What became of each judgement, by the number of its turn, with the answer that it is of.
  const judged = new Map();

  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const finished = (turn) => turn.querySelector(".answer[data-status]");
  const textOf = (answer) => answer?.querySelector("[data-copy]").dataset.copy;

  const show = (answer, number) => {
    const outcome = judged.get(number)?.outcome;
    const form = answer.querySelector(".judge");
    answer.querySelector(".thanks").textContent = SAID[outcome] ?? "";
    if (outcome !== "kept") return;
    if (form.contains(document.activeElement)) document.querySelector("#question textarea").focus({ preventScroll: true });
    form.hidden = true;
  };

  const ask = (answer, number) => {
    const status = make("p", { className: "thanks" });
    status.setAttribute("role", "status");
    const form = make("form", { className: "judge" });
    const reason = make("input", { name: "reason", maxLength: 1000, autocomplete: "off" });
    const why = make("p", { className: "why", hidden: true });
    why.append(make("label", {}, "Waarom? (mag leeg blijven) ", reason), " ", make("button", {}, "Bewaar mijn oordeel"));
    let helpful;
    const choices = [[true, "Ja"], [false, "Nee"]].map(([value, label]) => {
      const button = make("button", { type: "button" }, label);
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        helpful = value;
        choices.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        why.hidden = false;
        reason.focus();
      });
      return button;
    });
    const question = make("p", { className: "actions" }, "Hielp dit antwoord? ", choices[0], " ", choices[1]);
    question.setAttribute("role", "group");
    question.setAttribute("aria-label", "Hielp dit antwoord?");
    form.append(question, why);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (judged.get(number)?.outcome === "waiting") return;
      judged.set(number, { text: textOf(answer), outcome: "waiting" });
      show(answer, number);
      trigger("judge", { turn: number, helpful, reason: reason.value });
    });
    answer.append(form, status);
    show(answer, number);
  };

  watch("value", () => {
    const answers = [...element.querySelectorAll(".turn")].map(finished);
    // An answer that was asked again, or of another conversation, has not been judged.
    for (const [number, { text }] of judged) if (textOf(answers[number]) !== text) judged.delete(number);
    answers.forEach((answer, number) => answer && !answer.querySelector(".judge") && ask(answer, number));
  });

  // Without a word from the server, nothing that it was asked to keep has been kept.
  document.addEventListener("nov:judged", ({ detail }) => {
    const answers = [...element.querySelectorAll(".turn")].map(finished);
    for (const [number, judgement] of judged) {
      if (judgement.outcome !== "waiting" || (detail && detail.turn !== number)) continue;
      judgement.outcome = detail?.outcome ?? "failed";
      if (answers[number]) show(answers[number], number);
    }
  });
}
