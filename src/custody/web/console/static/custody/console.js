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

  // A second press within a moment is the first one's: both would be done, and a browser shows the second answer alone.
  document.addEventListener("submit", function (event) {
    const form = event.target, now = Date.now();
    if (event.defaultPrevented || form.method !== "post") return;
    if (now - Number(form.dataset.sent || 0) < 2000) event.preventDefault();
    else form.dataset.sent = String(now);
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
      input.dispatchEvent(new Event("change"));
      form.requestSubmit();
    });
  });

  // What is too large is said before it is sent: a server that refuses it half way is a broken connection to a browser.
  document.querySelectorAll("input[type=file][data-most]").forEach(function (input) {
    input.addEventListener("change", function () {
      const size = Array.from(input.files).reduce(function (sum, one) { return sum + one.size; }, 0);
      input.setCustomValidity(size > Number(input.dataset.most) ? input.dataset.too : "");
      input.reportValidity();
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

  // By keys each arrow is a change already: what is chosen then waits for Enter, or for the button that appears (WCAG 3.2.2).
  document.querySelectorAll("form.auto select").forEach(function (select) {
    const was = select.value, go = select.form.querySelector("button");
    let keyed = false;
    select.addEventListener("pointerdown", function () { keyed = false; });
    select.addEventListener("keydown", function (event) {
      keyed = true;
      if (event.key !== "Enter" || select.value === was) return;
      event.preventDefault();
      select.form.requestSubmit();
    });
    select.addEventListener("change", function () { if (keyed) go.hidden = select.value === was; else select.form.requestSubmit(); });
  });

  // Six digits over six boxes: a space that came along when it was pasted goes, and a box that has its digit shows it.
  document.querySelectorAll(".six input").forEach(function (field) {
    const boxes = Array.from(field.parentElement.querySelectorAll("i"));
    function show() {
      const digits = field.value.replace(/\D/g, "").slice(0, boxes.length);
      if (digits !== field.value) field.value = digits;
      boxes.forEach(function (box, place) { box.classList.toggle("fill", place < digits.length); });
    }
    field.addEventListener("input", show);
    show();
  });

  const wrong = document.querySelector(".f:has(.err) :is(input, select, textarea)");
  if (wrong) wrong.focus();

  // Rows of the review: Tab stops at the chosen one, and letters are commands only there (WCAG 2.1.4). After a change one goes on where one was.
  const rows = Array.from(document.querySelectorAll("tr.col"));
  const said = new URLSearchParams(location.search).get("said");
  let at = 0;
  function choose(place) {
    at = Math.max(0, Math.min(rows.length - 1, place));
    rows.forEach(function (row, number) { row.classList.toggle("sel", number === at); });
    sessionStorage.setItem("custody_row", String(at));
  }
  function halt(place) { choose(place); rows.forEach(function (row, number) { row.tabIndex = number === at ? 0 : -1; }); }
  function go(place) { halt(place); rows[at].focus(); rows[at].scrollIntoView({ block: "nearest" }); }
  function press(name) {
    const button = rows[at].querySelector('button[value="' + name + '"]');
    if (button && !button.disabled) button.click();
  }
  const undo = document.querySelector("#undo button");
  const keys = {
    j: function () { go(at + 1); }, ArrowDown: function () { go(at + 1); }, k: function () { go(at - 1); }, ArrowUp: function () { go(at - 1); },
    Enter: function () { press("confirm"); }, s: function () { press("sensitive"); },
    c: function () { rows[at].querySelector("select").focus(); },
    u: function () { if (undo) undo.click(); },
  };
  if (rows.length && rows[0].querySelector("button")) {
    const still = rows.findIndex(function (row) { return row.dataset.column === said; });
    const before = said ? Number(sessionStorage.getItem("custody_row") || 0) : 0;
    if (said) go(still < 0 ? before : still); else halt(0);
    rows.forEach(function (row, number) {
      row.addEventListener("focusin", function (event) { if (event.target === row) halt(number); else choose(number); });
      row.addEventListener("keydown", function (event) {
        if (event.key === "Escape") { go(number); return; }
        const act = keys[event.key];
        if (event.target !== row || !act || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        act();
      });
    });
  }
})();
