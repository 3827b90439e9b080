// Asks whether each answer helped; only there when the operator keeps feedback.
{
  const thanked = new Set();

  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  const ask = (answer, number) => {
    const status = make("p", { className: "thanks" });
    status.setAttribute("role", "status");
    if (thanked.has(number)) status.textContent = "Dank u. Uw oordeel is bewaard.";
    const form = make("form", { className: "judge", hidden: thanked.has(number) });
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
      trigger("judge", { turn: number, helpful, reason: reason.value });
      thanked.add(number);
      form.hidden = true;
      status.textContent = "Dank u. Uw oordeel is bewaard.";
      document.querySelector("#question textarea").focus({ preventScroll: true });
    });
    answer.append(form, status);
  };

  watch("value", () => {
    const turns = [...element.querySelectorAll(".turn")];
    for (const number of thanked) if (number >= turns.length) thanked.delete(number);
    turns.forEach((turn, number) => {
      const answer = turn.querySelector(".answer[data-status]");
      if (answer && !answer.querySelector(".judge")) ask(answer, number);
    });
  });
}
