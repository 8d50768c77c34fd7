// Small help for every form: where the problem is, one press is one deed, parts that reload in place.
import { save, unitOf } from "./saving.js";
import { isSignedOut, post } from "./session.js";
import { swap } from "./swap.js";

const pause = 3000; // a second press within this time is the same press

export function startForms() {
  show(document);
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", onSubmit);
  document.addEventListener("ronda:swapped", ({ detail }) => detail.forEach(show));
  window.addEventListener("hashchange", () => open(location.hash.slice(1)));
  open(location.hash.slice(1));
}

function show(root) {
  if (root.matches?.("[data-needs-script]")) root.hidden = false;
  for (const element of root.querySelectorAll("[data-needs-script]")) element.hidden = false;
}

function onClick(event) {
  const link = event.target.closest(".govuk-error-summary a[href^='#']");
  if (link) return toProblem(event, link.getAttribute("href").slice(1));
  const button = event.target.closest("button[name]");
  const unit = button && unitOf(button);
  if (unit && (button.name === "clear" || button.closest("[data-explicit]"))) return press(event, button, unit);
  return undefined;
}

// A button of one question saves that question alone.
function press(event, button, unit) {
  event.preventDefault();
  if (button.name === "clear") for (const box of unit.querySelectorAll(".body :checked")) box.checked = false;
  save(unit, [button.name, button.value]);
}

function toProblem(event, id) {
  const target = document.getElementById(decodeURIComponent(id));
  if (!target) return;
  event.preventDefault();
  open(target.id);
  const control = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea");
  const head = target.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${CSS.escape(target.id)}"]`);
  (head ?? target).scrollIntoView();
  control?.focus({ preventScroll: true });
  history.replaceState(null, "", `#${id}`);
}

function open(id) {
  const target = id && document.getElementById(decodeURIComponent(id));
  for (let box = target && target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target?.closest?.("tr.folded")?.classList.remove("folded");
}

// A digit chooses its level while the ladder has the focus; Enter in a field of an answer saves, it does not send the page.
function onKey(event) {
  const { target, key } = event;
  const rung = target.closest?.("[data-ladder]") && /^[0-4]$/.test(key) && target.closest("[data-ladder]").querySelector(`input[value="${key}"]`);
  if (rung) {
    rung.focus();
    if (!rung.checked) rung.click();
  } else if (key === "Enter" && target.matches?.("input") && unitOf(target)) {
    event.preventDefault();
    if (!target.closest("[data-explicit]")) save(unitOf(target));
  }
}

function onSubmit(event) {
  const form = event.target;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, pause);
  return form.hasAttribute("data-swap") ? inPlace(event, form) : undefined;
}

// form[data-swap]: the answer's parts go in place; anything else is a page and is loaded as one.
async function inPlace(event, form) {
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  try {
    const address = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    const response = await post(address, new URLSearchParams(data));
    const isParts = response.ok || response.status === 422;
    if (!isParts || isSignedOut(response) || !swap(await response.text()).length) whole(form, event.submitter);
  } catch {
    whole(form, event.submitter);
  }
  delete form.dataset.sent;
}

function whole(form, submitter) {
  form.removeAttribute("data-swap");
  delete form.dataset.sent;
  form.requestSubmit(submitter);
}
