// The panel of texts: opened from the bar, closed by its button or Escape. Runs once, when its list is there;
// `trigger` sends an event to Python.

const panel = () => document.querySelector("#texts");
const covered = () => document.querySelectorAll("#chat, #source");
let openedBy = null;

function openPanel(from) {
  openedBy = from;
  trigger("opened");
  panel().classList.add("open");
  panel().setAttribute("role", "dialog");
  panel().setAttribute("aria-label", "Texts");
  if (window.matchMedia("(max-width: 800px)").matches) covered().forEach((pane) => (pane.inert = true));
  panel().querySelector(".close-texts").focus();
}

function closePanel() {
  if (!panel().classList.contains("open")) return;
  panel().classList.remove("open");
  covered().forEach((pane) => (pane.inert = false));
  if (openedBy?.isConnected) openedBy.focus();
}

function chosen(corpus, last) {
  const boxes = [...element.querySelectorAll(".choose-text")];
  const checked = boxes.filter((box) => box.checked).map((box) => box.value);
  if (!checked.length) return (last.checked = true); // of no text at all nothing can be asked
  trigger("choose", { corpus, documents: checked.length < boxes.length ? checked : [] });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches(".open-texts")) openPanel(button);
  else if (button?.matches(".close-texts") || event.target.closest("#chat")) closePanel();
  if (button?.matches(".remove")) trigger("remove", { document: button.dataset.document });
  if (button?.matches(".forget")) trigger("forget");
});

element.addEventListener("change", (event) => {
  if (event.target.matches("input[type=radio]")) trigger("choose", { corpus: event.target.value, documents: [] });
  if (event.target.matches(".choose-text")) {
    chosen(element.querySelector("input[type=radio]:checked").value, event.target);
  }
});

watch("value", () => {
  const lost = document.activeElement === document.body; // what had the focus was removed
  if (lost && panel().classList.contains("open")) element.querySelector("input[type=radio]:checked").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanel();
});
