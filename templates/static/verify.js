// What the verify page does beyond its forms: it takes what is dropped or
// pasted anywhere on it, reads QR codes from pictures and the camera, and puts
// what was found into the forms. Nothing is sent before a form is.
"use strict";
(() => {
  const root = document.querySelector("[data-verify]");
  const one = root.querySelector('[data-form="check"]');
  const many = root.querySelector('[data-form="batch"]');
  const place = root.querySelector("[data-place]");
  const state = root.querySelector("[data-state]");
  const manyState = root.querySelector("[data-many-state]");
  const view = root.querySelector("[data-camera-view]");
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
    const text = await fromPicture(file);
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

  // The reader of QR codes: the browser's own where it has one, else one that
  // is loaded when it is first needed.
  let reader = null;
  function theReader() {
    reader ??= makeReader().catch((error) => { reader = null; throw error; });
    return reader;
  }

  async function makeReader() {
    const own = await ownReader();
    if (own) {
      return own;
    }
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root.dataset.jsqr;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return async (canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, width, height);
      return window.jsQR(pixels.data, width, height)?.data ?? "";
    };
  }

  async function ownReader() {
    try {
      if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
        return null;
      }
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      await detector.detect(document.createElement("canvas")).catch((error) => { if (error.name !== "InvalidStateError") { throw error; } });
      return async (canvas) => (await detector.detect(canvas))[0]?.rawValue ?? "";
    } catch {
      return null; // there is none, or it does not work here
    }
  }

  const sheet = document.createElement("canvas");
  function draw(source, width, height, most) {
    const scale = Math.min(1, most / Math.max(width, height));
    sheet.width = Math.max(1, Math.round(width * scale));
    sheet.height = Math.max(1, Math.round(height * scale));
    sheet.getContext("2d", { willReadFrequently: true }).drawImage(source, 0, 0, sheet.width, sheet.height);
    return sheet;
  }

  async function fromPicture(file) {
    if (file.size > maxPicture) {
      return "";
    }
    try {
      const picture = await createImageBitmap(file);
      const read = await theReader();
      for (const most of [1000, 1800, 500]) {
        const text = await read(draw(picture, picture.width, picture.height, most));
        if (text) {
          return text;
        }
      }
    } catch {
      // No picture after all, or no reader: nothing was found in it.
    }
    return "";
  }

  // The camera runs while its view is open, and not a moment longer.
  let stream = null;
  function stop() {
    for (const track of stream?.getTracks() ?? []) {
      track.stop();
    }
    stream = null;
    view.querySelector("video").srcObject = null;
  }

  async function look() {
    const told = view.querySelector("[data-camera-state]");
    const video = view.querySelector("video");
    say(told, "Aim");
    view.showModal();
    try {
      const read = theReader();
      const got = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      if (!view.open) {
        got.getTracks().forEach((track) => track.stop());
        return;
      }
      stream = got;
      video.srcObject = got;
      await video.play();
      await watch(video, await read, told);
    } catch (error) {
      stop();
      if (view.open) {
        say(told, error.name === "NotAllowedError" ? "Denied" : "Nocamera");
      }
    }
  }

  async function watch(video, read, told) {
    while (stream && view.open) {
      const text = video.videoWidth ? await read(draw(video, video.videoWidth, video.videoHeight, 800)) : "";
      if (!stream || !view.open) {
        return;
      }
      const kind = text && take(text);
      if (kind) {
        stop();
        view.close();
        if (kind === "link") {
          one.requestSubmit(one.querySelector('[data-act="check"]'));
        }
        return;
      }
      if (text) {
        say(told, "Other");
      }
      await new Promise((resolve) => { setTimeout(resolve, 120); });
    }
  }

  const button = root.querySelector("[data-camera]");
  if (navigator.mediaDevices?.getUserMedia && view.showModal) {
    button.hidden = false;
    button.addEventListener("click", look);
    view.addEventListener("close", stop);
    view.querySelector("[data-camera-close]").addEventListener("click", () => view.close());
    document.addEventListener("visibilitychange", () => { if (document.hidden && view.open) { view.close(); } });
    window.addEventListener("pagehide", stop);
  }

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
