// Puts the parts that the server sent in the place of those with the same ids.

const controls = "input, select, textarea";

// html: top-level elements with ids. kept: names of controls whose typed value stays.
// Answers the elements that are on the page now.
export function swap(html, kept = new Set()) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const swapped = [];
  for (const fresh of [...template.content.children]) {
    const old = fresh.id && document.getElementById(fresh.id);
    if (old) swapped.push(replace(old, fresh, kept));
  }
  if (swapped.length) document.dispatchEvent(new CustomEvent("ronda:swapped", { detail: swapped }));
  return swapped;
}

function replace(old, fresh, kept) {
  const focus = focusIn(old);
  keepTyped(old, fresh, kept);
  keepOpen(old, fresh);
  const now = old.tagName === fresh.tagName ? renew(old, fresh) : fresh;
  if (now === fresh) old.replaceWith(fresh);
  focus?.(now);
  return now;
}

// The same element with new attributes and content, so that live regions speak.
function renew(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) old.setAttribute(name, value);
  if (old.matches("input")) old.value = fresh.value;
  else old.replaceChildren(...fresh.childNodes);
  return old;
}

function keepTyped(old, fresh, kept) {
  for (const control of old.querySelectorAll(controls)) {
    if (!kept.has(control.name)) continue;
    const same = twin(fresh, control);
    if (!same) continue;
    if (isBox(control)) same.checked = control.checked;
    else same.value = control.value;
  }
}

function keepOpen(old, fresh) {
  const details = [...old.querySelectorAll("details[id]"), ...(old.matches("details") ? [old] : [])];
  for (const { id, open } of details) {
    const same = fresh.id === id ? fresh : fresh.querySelector(`#${CSS.escape(id)}`);
    if (same && open) same.open = true;
  }
}

function focusIn(old) {
  const active = document.activeElement;
  if (!old.contains(active) || active === old) return null;
  const [start, end] = [active.selectionStart, active.selectionEnd];
  return (now) => {
    const same = (active.id && document.getElementById(active.id)) || (active.name && twin(now, active));
    if (!same) now.tabIndex = -1; // what had the focus is gone: its place takes it
    (same || now).focus({ preventScroll: true });
    if (same && start != null && same.setSelectionRange) same.setSelectionRange(start, end);
  };
}

function twin(root, control) {
  const value = isBox(control) ? `[value="${CSS.escape(control.value)}"]` : "";
  return root.querySelector(`[name="${CSS.escape(control.name)}"]:not([type=hidden])${value}`);
}

export const isBox = (control) => control.type === "radio" || control.type === "checkbox";
