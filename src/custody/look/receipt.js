// Checks a receipt where its reader sits: the Ed25519 signature over the bytes that were signed, by the company's key.
// The second signature (ML-DSA-65) is not in browsers yet: custody-verify checks both.
// Each section with a [data-identity] has a button or a file to choose, a [role=status] for the answer, and a [data-shown] for what was signed.
"use strict";
(function () {
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
  async function check(envelope, held) {
    const text = new TextEncoder();
    const payload = bytes(envelope.payload), said = JSON.parse(new TextDecoder().decode(payload)).predicate;
    const keys = { ed: bytes(said.identity.ed25519), ml: bytes(said.identity.mldsa65) };
    const identity = "sha256:" + hex(await crypto.subtle.digest("SHA-256", joined(text.encode("custody/identity/1"), keys.ed, keys.ml)));
    const signed = envelope.signatures.find(function (one) { return one.keyid === identity + "#ed25519"; });
    if (identity !== held.identity || said.signer !== identity || (held.record && said.record !== held.record) || !signed) return "";
    const head = text.encode("DSSEv1 " + envelope.payloadType.length + " " + envelope.payloadType + " " + payload.length + " ");
    const key = await crypto.subtle.importKey("raw", keys.ed, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, bytes(signed.sig), joined(head, payload)) ? said.text : "";
  }
  async function read(held, file) {
    if (file) return JSON.parse(await file.files[0].text());
    return JSON.parse(new TextDecoder().decode(bytes(held.envelope)));
  }
  function ready(mark) {
    const place = mark.closest("section"), held = mark.dataset, told = place.querySelector("[role=status]"), shown = place.querySelector("[data-shown]");
    const button = place.querySelector("button"), file = place.querySelector("input[type=file]");
    function say(what) {
      told.textContent = told.dataset[what];
      told.className = { good: "note note-ok", bad: "note note-stop", cannot: "note" }[what];
    }
    function run() {
      shown.hidden = true;
      if (!window.crypto || !crypto.subtle) return say("cannot");
      read(held, file).then(function (envelope) { return check(envelope, held); }).then(function (text) {
        if (text) { shown.textContent = text; shown.hidden = false; }
        say(text ? "good" : "bad");
      }, function (fault) { say(fault && fault.name === "NotSupportedError" ? "cannot" : "bad"); });
    }
    if (file) file.addEventListener("change", function () { if (file.files.length) run(); });
    if (button && window.crypto && crypto.subtle) {
      button.hidden = false;
      told.textContent = "";
      button.addEventListener("click", run);
    }
  }
  document.querySelectorAll("[data-identity]").forEach(ready);
})();
