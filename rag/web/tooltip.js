// --- tooltips ------------------------------------------------------------------------------------
// A marker shows its quote, a marked span what cites it: on hovering and on keyboard focus. The tooltip can
// be hovered itself, Escape dismisses it, and its words are set as text, so nothing in them is markup.

const tip = document.body.appendChild(document.createElement("div"));
const tipAbout = tip.appendChild(document.createElement("p"));
const tipWords = tip.appendChild(document.createElement("p"));
let tipOf = null; // the element that the tooltip belongs to
let leaving = null; // the timer that hides it once the pointer has left

tip.id = "tip";
tip.hidden = true;
tip.setAttribute("role", "tooltip");
tipAbout.className = "tip-about";
tipWords.className = "tip-words";

function citing(mark) {
  const places = mark.dataset.places.split(" ");
  return [...element.querySelectorAll(".back")].filter((back) => places.includes(back.dataset.place));
}

function wordsFor(target) {
  if (target.matches("mark")) {
    const backs = citing(target);
    return { about: "Cited by", words: [...new Set(backs.map((back) => back.dataset.tip))].join("\n\n") };
  }
  return { about: target.dataset.about ?? "", words: target.dataset.tip };
}

function placeTip(target) {
  const gap = 8;
  const at = target.getClientRects()[0];
  const left = Math.min(Math.max(gap, at.left), window.innerWidth - tip.offsetWidth - gap);
  const above = at.top - tip.offsetHeight - gap;
  tip.style.left = `${left}px`;
  tip.style.top = `${above >= gap ? above : Math.min(at.bottom + gap, window.innerHeight - tip.offsetHeight - gap)}px`;
}

function showTip(target) {
  clearTimeout(leaving);
  if (target === tipOf) return;
  hideTip();
  const { about, words } = wordsFor(target);
  if (!words) return;
  tipAbout.textContent = about;
  tipWords.textContent = words;
  tip.hidden = false;
  tipOf = target;
  if (!target.matches("mark")) target.setAttribute("aria-describedby", "tip");
  placeTip(target);
}

function hideTip() {
  clearTimeout(leaving);
  tipOf?.removeAttribute("aria-describedby");
  tipOf = null;
  tip.hidden = true;
  tipAbout.textContent = tipWords.textContent = "";
}

const tipped = (target) => target.closest?.("[data-tip], mark[data-places]");

let pointer = ""; // where it was: a page that moves under a pointer at rest shows nothing

document.addEventListener("pointermove", (event) => {
  const at = `${event.screenX},${event.screenY}`;
  if (event.pointerType === "touch" || at === pointer) return;
  pointer = at;
  const target = tipped(event.target);
  if (target) showTip(target);
  else if (event.target.closest?.("#tip")) clearTimeout(leaving);
});
document.addEventListener("pointerout", () => {
  clearTimeout(leaving);
  leaving = setTimeout(() => tipOf !== document.activeElement && hideTip(), 200);
});
document.addEventListener("focusin", (event) => {
  const target = tipped(event.target);
  if (target?.matches(":focus-visible")) showTip(target);
  else hideTip();
});
document.addEventListener("focusout", hideTip);
document.addEventListener("click", hideTip);
document.addEventListener("scroll", () => tipOf?.isConnected && placeTip(tipOf), true);
window.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || tip.hidden) return;
    hideTip();
    event.stopPropagation(); // the sheet below stays open
  },
  true,
);
