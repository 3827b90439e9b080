// Body of a function that Gradio calls with the header as `element`.
document.documentElement.lang = "nl";

const focusQuestion = () => document.querySelector("#question textarea").focus();

element.addEventListener("click", (event) => {
  if (event.target.closest(".skip")) {
    event.preventDefault();
    focusQuestion();
  } else if (event.target.closest("[data-restart]")) {
    document.getElementById("reader").close();
    document.dispatchEvent(new CustomEvent("nov:view", { detail: "gesprek" }));
    document.dispatchEvent(new CustomEvent("nov:new"));
    trigger("restart");
    focusQuestion();
  }
});
