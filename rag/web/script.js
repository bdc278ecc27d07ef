// Markers open the source at the exact words. Runs once, when the source pane is there: `element` is the
// pane, `trigger` sends an event to Python, `watch` calls back when the pane was rendered anew. Which
// words are marked was decided in Python; here they are only found by name, shown and scrolled to.

const phone = window.matchMedia("(max-width: 800px)");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
let chat = null; // the pane of the conversation and what scrolls in it: both may come after the source
let talk = null;
const announcer = document.body.appendChild(document.createElement("div"));
let wanted = null; // what to point at once its document has come from Python
let opener = null; // what opened the sheet, and gets the focus back

announcer.className = "unseen";
announcer.setAttribute("role", "status");

const articles = () => [...element.querySelectorAll("article")];
const marksOf = (place) => [...element.querySelectorAll(`mark[data-places~="${place}"]`)];

// --- the source pane ---------------------------------------------------------------------------

function showDocument(id) {
  if (!articles().some((article) => article.dataset.document === id)) return false;
  for (const article of articles()) article.hidden = article.dataset.document !== id;
  const choice = element.querySelector("select");
  if (choice) choice.value = id;
  return true;
}

function scrollTo(mark, behavior) {
  const article = mark.closest("article");
  const gap = mark.getBoundingClientRect().top - article.getBoundingClientRect().top;
  article.scrollTo({ top: article.scrollTop + gap - article.clientHeight / 4, behavior });
}

function pointAt(place) {
  const marks = marksOf(place);
  element.querySelectorAll("mark.active").forEach((mark) => mark.classList.remove("active"));
  marks.forEach((mark) => mark.classList.add("active"));
  element.querySelectorAll(".back").forEach((back) => back.classList.toggle("active", back.dataset.place === place));
  chat.querySelectorAll(".marker").forEach((marker) => {
    if (marker.dataset.place === place) marker.setAttribute("aria-current", "true");
    else marker.removeAttribute("aria-current");
  });
  if (!marks.length) return;
  scrollTo(marks[0], calm.matches ? "instant" : "smooth");
  announcer.textContent = `Shown in the source: ${marks.map((mark) => mark.textContent).join("")}`;
}

function open(id, place) {
  if (showDocument(id)) {
    wanted = null;
    if (place) pointAt(place);
  } else {
    wanted = { id, place };
    trigger("reveal", { document: id });
  }
}

function rendered() {
  const asked = wanted;
  announcer.textContent = "";
  if (asked && showDocument(asked.id)) {
    wanted = null;
    return asked.place && pointAt(asked.place);
  }
  const article = articles().find((candidate) => !candidate.hidden);
  showDocument(article.dataset.document);
  const mark = article.querySelector("mark:not(.past)");
  if (mark) scrollTo(mark, "instant");
  else article.scrollTo({ top: 0 });
}

const offsetOf = (turn) => turn.getBoundingClientRect().top - talk.getBoundingClientRect().top;

function goBack(place) {
  const marker = talk.querySelector(`.said .marker[data-place="${place}"], .marker.nearest[data-place="${place}"]`);
  if (!marker) return;
  closeSheet();
  const turn = marker.closest(".turn");
  talk.scrollTo({ top: talk.scrollTop + offsetOf(turn), behavior: calm.matches ? "instant" : "smooth" });
  marker.focus({ preventScroll: true });
  pointAt(place);
}

// --- the sheet on a phone ----------------------------------------------------------------------

function openSheet(from) {
  if (!phone.matches) return;
  opener = from;
  element.closest("#source").classList.add("open");
  chat.inert = true;
  element.querySelector(".close").focus();
}

function closeSheet() {
  const sheet = document.querySelector("#source.open");
  if (!sheet) return;
  sheet.classList.remove("open");
  chat.inert = false;
  if (opener?.isConnected) opener.focus();
}

// --- what the person does ----------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!chat || (!button && event.target.closest("#tip"))) return;
  if (button?.matches(".marker, .open-source")) openSheet(button);
  else if (button?.matches(".close") || !event.target.closest("#source")) closeSheet();
  if (button?.matches(".back")) goBack(button.dataset.place);
  else if (button?.matches(".marker")) open(button.dataset.document, button.dataset.place);
  if (button?.matches("#new, .example") && !phone.matches) chat.querySelector("#box textarea").focus();
});

element.addEventListener("change", (event) => {
  if (event.target.matches("select")) open(event.target.value, null);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeSheet();
});

phone.addEventListener("change", closeSheet);
watch("value", rendered);

// --- the conversation --------------------------------------------------------------------------

function showLastTurn() {
  const turn = talk.querySelector("#now .turn") ?? talk.querySelector(".turn:last-child");
  if (turn) talk.scrollTop += offsetOf(turn);
}

function follow() {
  chat = document.querySelector("#chat");
  talk = document.querySelector("#talk");
  if (!chat || !talk) return requestAnimationFrame(follow);
  let height = talk.clientHeight;
  new MutationObserver(() => requestAnimationFrame(showLastTurn)).observe(talk, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  new ResizeObserver(() => {
    const grown = talk.clientHeight - height;
    const below = talk.scrollHeight - talk.scrollTop - talk.clientHeight;
    if (grown < 0 || below > 1) talk.scrollTop -= grown; // what was lowest stays so; at the end the browser sees to it
    height = talk.clientHeight;
  }).observe(talk);
}

follow();
