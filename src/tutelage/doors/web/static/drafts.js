// Drafts: what is typed is kept in this browser until the server has it, whatever the network does.
// One draft a form and person; it is let go when the server says that it was kept (cookie "kept"),
// when its writer discards it or signs out, and after two weeks.
"use strict";
(() => {
  if (document.body.dataset.zone === "") { // nobody chose one: the clock of this machine
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
    if (/^[\w+-]+(\/[\w+-]+)*$/.test(zone)) document.cookie = `zone=${zone}; max-age=31536000; path=/; samesite=lax`;
  }
  const me = document.body.dataset.person;
  const words = document.body.dataset;
  if (!me || !window.localStorage) return;
  const OWN = `draft ${me} `, LASTS = 14 * 24 * 3600 * 1000;
  const hidden = (form, name) => form.querySelector(`input[type=hidden][name="${name}"]`);
  const fields = (form) => [...form.elements].filter(
    (e) => e.name && e.type !== "hidden" && e.type !== "submit" && e.type !== "button");
  const key = (form) => OWN + [form.getAttribute("action"),
    ...[...form.querySelectorAll('input[name^="fixed."]')]
      .filter((e) => e.name !== "fixed.warned").map((e) => e.value)].join(" ");
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const all = () => Object.keys(localStorage).filter((name) => name.startsWith(OWN));
  const forget = (fits) => all().filter((n) => fits(n, read(n) || {})).forEach((n) => localStorage.removeItem(n));

  const kept = (document.cookie.match(/(?:^|; )kept=([\w.-]+)/) || [])[1];
  if (kept) {
    forget((_name, draft) => draft.id === kept);
    document.cookie = "kept=; max-age=0; path=/; samesite=lax";
  }
  forget((_name, draft) => !(Date.now() - draft.at < LASTS));

  function keep(form) {
    const said = fields(form).map((e) => [e.name, e.value,
      e.type === "checkbox" || e.type === "radio" ? e.checked : null]);
    if (!said.some(([, value, checked]) => checked === null && value.trim())) return;
    try {
      localStorage.setItem(key(form), JSON.stringify({ id: hidden(form, "id").value, at: Date.now(), said }));
    } catch { /* full, or forbidden: then there is no draft */ }
  }

  function note(form, text, discard) {
    const box = form.querySelector(".draft") || form.insertBefore(document.createElement("p"), form.firstChild);
    box.className = "draft";
    box.setAttribute("role", "status");
    box.textContent = text;
    if (!discard) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = words.discard;
    button.addEventListener("click", () => { localStorage.removeItem(key(form)); form.reset(); box.remove(); });
    box.append(" ", button);
  }

  function restore(form) {
    const draft = read(key(form));
    if (!draft || form.parentElement.querySelector(".wrong")) return; // what came back is newer
    let changed = false;
    for (const [name, value, checked] of draft.said) {
      for (const e of fields(form)) {
        if (e.name !== name) continue;
        if (checked === null) { changed ||= e.value !== value; e.value = value; }
        else if (e.value === value) { changed ||= e.checked !== checked; e.checked = checked; }
      }
    }
    if (!changed) return;
    hidden(form, "id").value = draft.id; // sent again under its id, it is written once
    form.closest("details")?.setAttribute("open", "");
    note(form, words.kept, true);
  }

  for (const form of document.querySelectorAll("form[method=post]")) {
    const action = form.getAttribute("action");
    if (action === "/out" || action === "/me/delete") form.addEventListener("submit", () => forget(() => true));
    const erased = action.match(/^(\/r\/[^/]+)\/erase\//);
    if (erased) form.addEventListener("submit", () => forget((name) => name.startsWith(OWN + erased[1] + "/")));
    if (!hidden(form, "id")) continue;
    restore(form);
    let soon;
    form.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(() => keep(form), 300); });
    form.addEventListener("submit", (event) => {
      keep(form);
      if (navigator.onLine) return;
      event.preventDefault();
      note(form, words.offline, false);
    });
  }
})();
