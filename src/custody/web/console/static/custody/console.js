// The console's few scripts: the reader's time zone, the phone's menu, selects that send themselves, keys of the review.
"use strict";
(function () {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = "custody_tz=" + zone + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");

  const menu = document.querySelector(".menu-btn");
  if (menu) menu.addEventListener("click", function () {
    const open = menu.closest(".side").classList.toggle("open");
    menu.setAttribute("aria-expanded", String(open));
  });

  document.querySelectorAll(".filters [aria-current]").forEach(function (one) {
    const bar = one.parentElement;
    bar.scrollLeft = one.offsetLeft - bar.offsetLeft - (bar.clientWidth - one.clientWidth) / 2;
  });

  // A chip half out of a bar that scrolls sideways counts as seen for the browser: by keys one would stand on half a word.
  document.querySelectorAll(".filters").forEach(function (bar) {
    bar.addEventListener("focusin", function (event) { event.target.scrollIntoView({ block: "nearest", inline: "nearest" }); });
  });

  document.addEventListener("allauth.error", function (event) {
    const told = document.querySelector("#key-fault");
    if (told) { told.hidden = false; event.preventDefault(); }
  });

  document.querySelectorAll("form.drop").forEach(function (form) {
    const input = form.querySelector("input[type=file]");
    ["dragenter", "dragover"].forEach(function (name) {
      form.addEventListener(name, function (event) { event.preventDefault(); form.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (name) {
      form.addEventListener(name, function () { form.classList.remove("over"); });
    });
    form.addEventListener("drop", function (event) {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  });

  document.querySelectorAll("[data-seek]").forEach(function (box) {
    const lines = Array.from(document.querySelectorAll("#" + box.dataset.seek + " tbody tr"));
    box.addEventListener("input", function () {
      const wanted = box.value.trim().toLowerCase();
      lines.forEach(function (line) { line.hidden = wanted !== "" && !line.textContent.toLowerCase().includes(wanted); });
    });
  });

  const print = document.querySelector("button.print");
  if (print) print.addEventListener("click", function () { window.print(); });

  const clock = document.querySelector(".countdown");
  if (clock) {
    let left = Number(clock.dataset.seconds);
    const ticks = setInterval(function () {
      left -= 1;
      if (left >= 0) { clock.textContent = String(left); return; }
      clearInterval(ticks); // asked for each second anew, a slow page would never come
      location.replace(clock.dataset.url);
    }, 1000);
  }

  document.querySelectorAll("form.auto select").forEach(function (select) {
    select.addEventListener("change", function () { select.form.requestSubmit(); });
  });

  const rows = Array.from(document.querySelectorAll("tr.col"));
  let at = 0;
  function choose(place) {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, place));
    rows.forEach(function (row, number) { row.classList.toggle("sel", number === at); });
    rows[at].scrollIntoView({ block: "nearest" });
  }
  function press(name) {
    const button = rows[at] && rows[at].querySelector('button[value="' + name + '"]');
    if (button && !button.disabled) button.click();
  }
  const undo = document.querySelector("#undo button");
  const keys = {
    j: function () { choose(at + 1); }, k: function () { choose(at - 1); },
    Enter: function () { press("confirm"); }, s: function () { press("sensitive"); },
    c: function () { const select = rows[at] && rows[at].querySelector("select"); if (select) select.focus(); },
    u: function () { if (undo) undo.click(); },
  };
  if (rows.length && rows[0].querySelector("button")) {
    choose(0);
    document.addEventListener("keydown", function (event) {
      const busy = /^(INPUT|SELECT|TEXTAREA|BUTTON|A|SUMMARY)$/.test(event.target.tagName);
      const act = keys[event.key];
      if (busy || !act || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
  }
})();
