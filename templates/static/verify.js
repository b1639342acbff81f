// What the verify page does beyond its forms: it takes what is dropped or
// pasted anywhere on it, has QR codes read from pictures and the camera, and puts
// what was found into the forms. Nothing is sent before a form is.
"use strict";
(() => {
  const root = document.querySelector("[data-verify]");
  const one = root.querySelector('[data-form="check"]');
  const many = root.querySelector('[data-form="batch"]');
  const place = root.querySelector("[data-place]");
  const state = root.querySelector("[data-state]");
  const manyState = root.querySelector("[data-many-state]");
  const say = (where, key, name = "") => { where.textContent = root.dataset["say" + key].replace("{name}", name); };
  const maxPicture = 32 << 20;

  // What is found goes into one field; the others are emptied, so that the
  // form brings one thing.
  function fill(field, value) {
    for (const other of ["link", "text", "file"]) {
      one.elements[other].value = "";
    }
    if (field === "file") {
      one.elements.file.files = value;
    } else {
      one.elements[field].value = value;
    }
    if (field === "text") {
      root.querySelector("[data-paste]").open = true;
    }
    one.querySelector('[data-act="check"]').focus();
  }

  const web = /^https?:\/\/\S+$/i;
  const typed = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?\/\S+$/i; // as people type addresses
  const token = /^ey[\w-]+\.[\w-]*\.[\w~.-]*$/;
  const isLink = (text) => web.test(text) || typed.test(text);

  // take puts a text where it belongs and tells what it is: "link", "links",
  // "text" or, for what is no badge, "".
  function take(text) {
    const words = text.trim().split(/\s+/);
    if (words.length > 1 && words.every((word) => isLink(word.replace(/[,;]$/, "")))) {
      many.elements.file.value = "";
      many.elements.links.value = words.join("\n");
      say(manyState, "Links");
      many.querySelector('[data-act="check-many"]').focus();
      return "links";
    }
    if (words.length === 1 && isLink(words[0])) {
      fill("link", words[0]);
      say(state, "Link");
      return "link";
    }
    if (/^\s*\{/.test(text) || token.test(text.trim()) || /^\s*<svg/i.test(text)) {
      fill("text", text.trim());
      say(state, "Text");
      return "text";
    }
    return "";
  }

  function hold(file) {
    const carrier = new DataTransfer();
    carrier.items.add(file);
    return carrier.files;
  }

  async function takeFile(file) {
    if (/\.(csv|tsv)$/i.test(file.name) || /^text\/(csv|tab-separated-values)$/.test(file.type)) {
      many.elements.links.value = "";
      many.elements.file.files = hold(file);
      say(manyState, "Table", file.name);
      many.querySelector('[data-act="check-many"]').focus();
      return;
    }
    if (!/^image\/(?!svg)/.test(file.type) || await carries(file)) {
      fill("file", hold(file));
      say(state, "File", file.name);
      return;
    }
    // A photo or a screenshot: the badge is not in it, but its code may be.
    say(state, "Reading");
    one.elements.file.value = "";
    const text = await hallmarkScan.picture(file);
    if (!text || !take(text)) {
      say(state, text ? "Other" : "Picture");
    }
  }

  // carries tells whether a PNG has a badge in it.
  async function carries(file) {
    if (file.type !== "image/png" || file.size > maxPicture) {
      return false;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    return new TextDecoder("latin1").decode(bytes).includes("openbadge");
  }

  const view = root.querySelector("[data-camera-view]");
  hallmarkScan.camera(root.querySelector("[data-camera]"), view, (key) => say(view.querySelector("[data-camera-state]"), key), (text, close) => {
    const kind = take(text);
    if (kind) {
      close();
    }
    if (kind === "link") {
      one.requestSubmit(one.querySelector('[data-act="check"]'));
    }
    return kind;
  });

  // Drop and paste, anywhere on the page.
  root.querySelector("[data-anywhere]").hidden = false;
  const brings = (event) => ["Files", "text/uri-list", "text/plain"].some((type) => event.dataTransfer.types.includes(type));
  window.addEventListener("dragover", (event) => {
    if (brings(event)) {
      event.preventDefault();
      place.classList.add("over");
    }
  });
  window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) { place.classList.remove("over"); } });
  window.addEventListener("drop", (event) => {
    place.classList.remove("over");
    if (brings(event)) {
      event.preventDefault();
      receive(event.dataTransfer);
    }
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData.files;
    if (files.length === 0 && event.target.closest?.("input, textarea")) {
      return; // pasted into a field: there it goes
    }
    event.preventDefault();
    receive(event.clipboardData);
  });

  function receive(data) {
    if (data.files.length > 0) {
      takeFile(data.files[0]);
      return;
    }
    const text = data.getData("text/uri-list").split(/\r?\n/).find((line) => line && !line.startsWith("#")) || data.getData("text/plain");
    if (text.trim() && !take(text)) {
      say(state, "Unknown");
    }
  }

  one.elements.file.addEventListener("change", () => {
    const file = one.elements.file.files[0];
    if (file) {
      takeFile(file);
    }
  });
  one.addEventListener("submit", () => say(state, "Working"));
  many.addEventListener("submit", () => say(manyState, "Working"));

  // An answer that was asked for takes the focus.
  (document.getElementById("verdict") ?? document.getElementById("batch-title"))?.focus();
})();
