// Body of a function that Gradio calls with the conversation as `element`.
let turns = 0;

const box = () => document.querySelector("#question textarea");
const focusQuestion = () => box().focus({ preventScroll: true });

const actions = {
  copy: async (button) => {
    await copy(button.dataset.copy);
    button.textContent = "Gekopieerd";
    button.focus();
  },
  stop: (button) => {
    // At once, for the server first finishes the step that it is in.
    const searching = button.closest(".answer").querySelector(".searching");
    if (searching) searching.textContent = "Gestopt.";
    button.disabled = true;
    trigger("stop");
    focusQuestion();
  },
  again: () => {
    trigger("again");
    focusQuestion();
  },
  edit: () => {
    const questions = element.querySelectorAll(".question .asked");
    document.dispatchEvent(new CustomEvent("nov:edit", { detail: questions[questions.length - 1].dataset.whole }));
  },
  save: (button) => document.dispatchEvent(new CustomEvent("nov:save", { detail: button.dataset.save })),
  print: () => window.print(),
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.question) {
    trigger("ask", { question: button.dataset.question });
    focusQuestion();
    return;
  }
  const action = Object.keys(actions).find((name) => name in button.dataset);
  if (action) actions[action](button);
});

// A new question comes to the top of the window, so that its answer is read from the beginning.
watch("value", () => {
  const shown = element.querySelectorAll(".turn");
  if (shown.length > turns) shown[shown.length - 1].scrollIntoView({ block: "start" });
  if (shown.length < turns) window.scrollTo(0, 0);
  if (element.querySelector("[aria-busy]")) document.dispatchEvent(new CustomEvent("nov:asked"));
  turns = shown.length;
});

// A link to an answer that is opened where the page already is.
window.addEventListener("hashchange", () => {
  if (location.hash.startsWith("#vraag=")) location.reload();
});
