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
  if (button?.matches(".export")) menu().querySelector("summary").focus();
  if (!event.target.closest(".menu") || button) menu().open = false;
});

// --- what the person thinks of an answer: kept at the first press, again with the note ---------------

function judge(form, thumb) {
  const note = form.querySelector("input").value;
  trigger("judge", { turn: form.closest(".judge").dataset.turn, thumb, note });
}

element.addEventListener("click", (event) => {
  const thumb = event.target.closest(".thumb");
  if (!thumb) return;
  const form = thumb.parentElement.querySelector(".note");
  for (const other of thumb.parentElement.querySelectorAll(".thumb")) {
    other.setAttribute("aria-pressed", other === thumb);
  }
  judge(form, thumb.matches(".up") ? "up" : "down");
  form.hidden = false;
  form.querySelector("input").focus();
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const pressed = form.parentElement.querySelector(".thumb[aria-pressed=true]");
  judge(form, pressed.matches(".up") ? "up" : "down");
  form.hidden = true;
  pressed.focus();
});

element.addEventListener("keydown", (event) => {
  const form = event.target.closest(".note");
  if (event.key !== "Escape" || !form) return;
  form.hidden = true;
  form.parentElement.querySelector(".thumb[aria-pressed=true]").focus();
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

// --- other tabs of the same browser show the same conversation ---------------------------------------

const tabs = new BroadcastChannel("spanproof");
watch("value", () => tabs.postMessage(props.value));
tabs.addEventListener("message", (event) => {
  if (event.data !== props.value) trigger("changed");
});
