// Reads QR codes from pictures and the camera, for the pages that check badges:
// with the browser's own reader where it has one, else with one that the page
// carries or names. Nothing is sent, and nothing is recorded.
"use strict";

const hallmarkScan = (() => {
  const maxPicture = 32 << 20;

  let reader;
  const theReader = () => reader ??= makeReader().catch((error) => { reader = undefined; throw error; });

  async function makeReader() {
    const own = await ownReader();
    if (own) {
      return own;
    }
    if (!window.jsQR) {
      await new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = document.querySelector("[data-jsqr]").dataset.jsqr;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    }
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

  // picture gives the text of the code in a picture; "" where none is found.
  async function picture(file) {
    if (file.size > maxPicture) {
      return "";
    }
    try {
      const drawn = await createImageBitmap(file);
      const read = await theReader();
      for (const most of [1000, 1800, 500]) {
        const text = await read(draw(drawn, drawn.width, drawn.height, most));
        if (text) {
          return text;
        }
      }
    } catch {
      // No picture after all, or no reader: nothing was found in it.
    }
    return "";
  }

  // camera readies a button and the view (a dialog) that it opens. say(key) puts
  // a word into the view; take(text) tells whether a code is what was looked
  // for. The camera runs while the view is open, and not a moment longer.
  function camera(button, view, say, take) {
    if (!navigator.mediaDevices?.getUserMedia || !view?.showModal) {
      return;
    }
    const video = view.querySelector("video");
    let stream = null;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) {
        track.stop();
      }
      stream = null;
      video.srcObject = null;
    };
    const close = () => {
      stop(); // the event of the view comes a moment later
      view.close();
    };

    async function look() {
      say("Aim");
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
        await watch(await read);
      } catch (error) {
        stop();
        if (view.open) {
          say(error.name === "NotAllowedError" ? "Denied" : "Nocamera");
        }
      }
    }

    async function watch(read) {
      while (stream && view.open) {
        const text = video.videoWidth ? await read(draw(video, video.videoWidth, video.videoHeight, 800)) : "";
        if (!stream || !view.open) {
          return;
        }
        if (text && take(text, close)) {
          return;
        }
        if (text) {
          say("Other");
        }
        await new Promise((resolve) => { setTimeout(resolve, 120); });
      }
    }

    button.hidden = false;
    button.addEventListener("click", look);
    view.addEventListener("close", stop);
    view.querySelector("[data-camera-close]").addEventListener("click", close);
    document.addEventListener("visibilitychange", () => { if (document.hidden && view.open) { close(); } });
    window.addEventListener("pagehide", stop);
  }

  return { picture, camera };
})();
