// For the pages of a capstone and its review; they do their work without.
"use strict";

// A page that waits for news of a capstone shows it, unless someone is typing:
// then it says so. After a quarter of an hour it stops asking, so that a page that
// was left open does not keep its session.
for (const line of document.querySelectorAll("[data-live]")) {
  line.querySelector("[data-live-off]").hidden = true;
  line.querySelector("[data-live-on]").hidden = false;
  let typed = false;
  document.addEventListener("input", () => { typed = true; });
  const source = new EventSource(line.dataset.live + "?seen=" + encodeURIComponent(line.dataset.seen));
  source.addEventListener("news", () => {
    source.close();
    if (!typed) { location.reload(); return; }
    line.querySelector("[data-live-on]").hidden = true;
    line.querySelector("[data-live-news]").textContent = line.querySelector("[data-live-again]").dataset.word;
  });
  setTimeout(() => source.close(), 15 * 60 * 1000);
}

// A saved reply is put under the note at once.
for (const row of document.querySelectorAll("[data-replies]")) {
  row.querySelector("button").addEventListener("click", (event) => {
    const text = row.querySelector("select").selectedOptions[0].dataset.text;
    if (!text) { return; }
    event.preventDefault();
    const note = document.getElementById("note");
    note.value = note.value.trimEnd() ? note.value.trimEnd() + "\n\n" + text : text;
    note.focus();
  });
}

// Within the rubric a number chooses the level of that place and goes on.
for (const criterion of document.querySelectorAll("[data-criterion]")) {
  criterion.addEventListener("keydown", (event) => {
    const level = criterion.querySelectorAll("input")[Number(event.key) - 1];
    if (!level || event.altKey || event.ctrlKey || event.metaKey) { return; }
    event.preventDefault();
    level.checked = true;
    const next = criterion.nextElementSibling;
    (next.matches("[data-criterion]") ? next.querySelector("input:checked") || next.querySelector("input") : document.getElementById("note")).focus();
  });
}
