// Passkeys, where the browser has them; a mailed code does without.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail || "");
  }
  return answer;
}

// What a ceremony ends with, as JSON (Web Authentication Level 3, §5.1).
function spelled(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) { response[name] = text(credential.response[name]); }
  }
  if (credential.response.getTransports) { response.transports = credential.response.getTransports(); }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults() });
}

function listed(credentials) { return (credentials || []).map((c) => ({ ...c, id: bytes(c.id) })); }

async function ask(url) {
  const { publicKey } = await (await post(url + "/options", "{}")).json();
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.allowCredentials = listed(publicKey.allowCredentials);
  await post(url, spelled(await navigator.credentials.get({ publicKey })));
}

async function make(url, name) {
  const { publicKey } = await (await post(url + "/options", "{}")).json();
  publicKey.challenge = bytes(publicKey.challenge);
  publicKey.user.id = bytes(publicKey.user.id);
  publicKey.excludeCredentials = listed(publicKey.excludeCredentials);
  await post(url + "?name=" + encodeURIComponent(name), spelled(await navigator.credentials.create({ publicKey })));
}

// The person may have turned the browser's question down: then they can try
// again, or take another way.
async function tried(form, button, work) {
  const said = form.querySelector("[data-said]");
  button.disabled = true;
  said.textContent = "";
  try {
    await work();
  } catch (fault) {
    said.textContent = fault instanceof DOMException || !fault.message ? form.dataset.failed : fault.message;
  } finally {
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) {
    const button = form.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => tried(form, button, async () => {
      await ask(form.dataset.passkey);
      if (form.dataset.done) { location.assign(form.dataset.done); } else { form.submit(); }
    }));
  }
  for (const form of document.querySelectorAll("[data-register]")) {
    const button = form.querySelector("button");
    button.hidden = false;
    form.querySelector("[data-said]").textContent = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      tried(form, button, async () => {
        await make(form.dataset.register, form.elements.name.value);
        location.assign(form.dataset.done);
      });
    });
  }
}
