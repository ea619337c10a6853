// Checks a receipt where its reader sits: the Ed25519 signature over the bytes that were signed, by the company's key.
// The second signature (ML-DSA-65) is not in browsers yet: custody-verify checks both.
"use strict";
(function () {
  const held = document.getElementById("receipt"), told = document.getElementById("verdict"), shown = document.getElementById("shown");
  const button = document.getElementById("try"), file = document.getElementById("file");
  if (!held || !window.crypto || !crypto.subtle) return;

  function bytes(text) {
    const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "===".slice((text.length + 3) % 4);
    return Uint8Array.from(atob(padded), function (one) { return one.charCodeAt(0); });
  }
  function hex(data) {
    return Array.from(new Uint8Array(data), function (one) { return one.toString(16).padStart(2, "0"); }).join("");
  }
  function joined() {
    const parts = Array.from(arguments), all = new Uint8Array(parts.reduce(function (sum, one) { return sum + one.length; }, 0));
    parts.reduce(function (at, one) { all.set(one, at); return at + one.length; }, 0);
    return all;
  }
  async function check(envelope) {
    const text = new TextEncoder();
    const payload = bytes(envelope.payload), said = JSON.parse(new TextDecoder().decode(payload)).predicate;
    const keys = { ed: bytes(said.identity.ed25519), ml: bytes(said.identity.mldsa65) };
    const identity = "sha256:" + hex(await crypto.subtle.digest("SHA-256", joined(text.encode("custody/identity/1"), keys.ed, keys.ml)));
    const signed = envelope.signatures.find(function (one) { return one.keyid === identity + "#ed25519"; });
    if (identity !== held.dataset.identity || said.signer !== identity || (held.dataset.record && said.record !== held.dataset.record) || !signed) return false;
    const head = text.encode("DSSEv1 " + envelope.payloadType.length + " " + envelope.payloadType + " " + payload.length + " ");
    const key = await crypto.subtle.importKey("raw", keys.ed, { name: "Ed25519" }, false, ["verify"]);
    const good = await crypto.subtle.verify("Ed25519", key, bytes(signed.sig), joined(head, payload));
    if (good) { shown.textContent = said.text; shown.hidden = false; }
    return good;
  }
  async function read() {
    if (file) return JSON.parse(await file.files[0].text());
    return JSON.parse(new TextDecoder().decode(bytes(held.dataset.envelope)));
  }
  function run() {
    shown.hidden = true;
    read().then(check).then(function (good) {
      told.textContent = good ? told.dataset.good : told.dataset.bad;
      told.className = good ? "note note-ok" : "note note-stop";
    }, function (fault) {
      const cannot = fault && fault.name === "NotSupportedError";
      told.textContent = cannot ? told.dataset.cannot : told.dataset.bad;
      told.className = cannot ? "note" : "note note-stop";
    });
  }
  if (file) file.addEventListener("change", function () { if (file.files.length) run(); });
  if (button) {
    button.hidden = false;
    told.textContent = "";
    button.addEventListener("click", run);
  }
})();
