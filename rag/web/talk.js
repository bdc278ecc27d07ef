// What the person does in the conversation beside asking: edit the last question, take the conversation away.
// Runs once, when the conversation is there; `trigger` sends an event to Python.

const menu = () => document.querySelector("#brand .menu");

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches(".example")) trigger("suggested", { question: button.textContent });
  if (button?.matches(".edit")) trigger("edit");
  if (button?.matches(".leave")) trigger("leave");
  if (button?.matches(".export")) trigger("export", { format: button.dataset.format });
  if (button?.matches(".edit, .leave")) document.querySelector("#box textarea").focus();
  if (!event.target.closest(".menu") || button) menu().open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (menu().open) {
    menu().open = false;
    menu().querySelector("summary").focus();
  } else if (document.activeElement?.matches("#box textarea")) {
    document.querySelector("#hint .leave")?.click();
  }
});
