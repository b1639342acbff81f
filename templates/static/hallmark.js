// Small touches for browsers with script; every page does its work without.
"use strict";

// Buttons that copy the field they stand beside.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      const word = button.querySelector("[data-word]");
      const before = word.textContent;
      word.textContent = button.dataset.done;
      setTimeout(() => { word.textContent = before; }, 2000);
    } catch {
      // The field is selected: the person can copy it themselves.
    }
  });
}

// Times of a check in the reader's own zone and order.
for (const time of document.querySelectorAll("time[data-clock]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(at);
  }
}

// A file dropped on the form is the file of the form.
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; }
  });
}

// The picture of a badge that is being designed follows the form.
for (const form of document.querySelectorAll("form[data-art]")) {
  const picture = form.querySelector("[data-preview]");
  let wait;
  form.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => {
      const said = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (["code", "name", "award", "award.all", "award.reviews", "icon", "colour"].includes(name)) { said.append(name, value); }
      }
      if (!said.has("code")) { said.set("code", form.closest("[data-code]").dataset.code); }
      picture.src = form.dataset.art + "?" + said;
      form.querySelector("[data-preview-png]").href = form.dataset.art.replace(/svg$/, "png") + "?" + said;
    }, 150);
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A scanned code may hold a slip behind the link: what was printed, signed.
// Browsers keep it to themselves; the page sends it to hear what it is worth,
// with the link: a slip of another badge says nothing about this one.
for (const place of document.querySelectorAll("[data-slip]")) {
  if (location.hash.toUpperCase().startsWith("#S1.")) {
    fetch(place.dataset.slip, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ slip: location.href }) })
      .then((answer) => answer.json())
      .then((said) => {
        const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" });
        place.textContent = (said.summary || said.detail || "").replace(/\d{4}-\d{2}-\d{2}/g, (d) => day.format(new Date(d)));
        place.dataset.verdict = said.verdict || "";
        place.hidden = place.textContent === "";
      })
      .catch(() => {}); // the page has said what there is to say of the badge
  }
}
