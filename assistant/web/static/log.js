// Body of a function that Gradio calls with the conversation as `element`.
let turns = 0;

element.addEventListener("click", (event) => {
  const example = event.target.closest("[data-question]");
  if (example) {
    trigger("ask", { question: example.dataset.question });
    document.querySelector("#question textarea").focus({ preventScroll: true });
  }
});

// A new question comes to the top of the window, so that its answer is read from the beginning.
watch("value", () => {
  const shown = element.querySelectorAll(".turn");
  if (shown.length > turns) shown[shown.length - 1].scrollIntoView({ block: "start" });
  if (shown.length < turns) window.scrollTo(0, 0);
  turns = shown.length;
});
