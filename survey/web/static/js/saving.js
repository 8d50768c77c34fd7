// Answers that save themselves. A unit is an element with data-autosave="<address>": one question.
// One request at a time a unit; what is not acknowledged is sent again under the same key.
import { drafts, forget, keep, wipe } from "./drafts.js";
import { isBack, isSignedOut, post } from "./session.js";
import { isBox, swap } from "./swap.js";
import { notice, unnotice, words } from "./words.js";

// address → {address, queue: [{body, idem}] not acknowledged, dirty, typed: names changed since the last
// of the queue, buttons pressed, unread: body that the server could not take, busy: a request runs, tries,
// retry and note: timers, refused, retried}
const units = new Map();
const slowest = 60000; // milliseconds between two tries

export function startSaving() {
  restore();
  document.addEventListener("input", onInput);
  document.addEventListener("change", onChange);
  document.addEventListener("submit", onSubmit);
  window.addEventListener("online", sendAll);
  window.addEventListener("focus", sendAll);
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  window.addEventListener("beforeunload", (event) => waiting() && !isKept() && event.preventDefault());
}

export const unitOf = (element) => element.closest("[data-autosave]");

// Sends the unit now; button: [name, value] of what was pressed.
export function save(element, button = null) {
  const unit = known(element.dataset.autosave);
  if (button) unit.buttons.push(button);
  Object.assign(unit, { dirty: true, refused: false });
  remember(unit);
  say(unit, "saving", words("saving"));
  return send(unit);
}

function known(address) {
  if (!units.has(address)) {
    units.set(address, { address, queue: [], dirty: false, typed: new Set(), buttons: [], unread: null, busy: false, tries: 0 });
  }
  return units.get(address);
}

const elementOf = (unit) => document.querySelector(`[data-autosave="${CSS.escape(unit.address)}"]`);
const isExplicit = (control) => control.closest("[data-explicit]");

function onInput({ target }) {
  const element = unitOf(target);
  if (!element || !target.name || isExplicit(target)) return;
  const unit = known(element.dataset.autosave);
  unit.typed.add(target.name);
  clearTimeout(unit.note);
  unit.note = setTimeout(() => remember(unit), 400);
}

function onChange({ target }) {
  const element = unitOf(target);
  if (!element || !target.name || isExplicit(target)) return;
  known(element.dataset.autosave).typed.add(target.name);
  save(element);
}

// The values of a unit as a form would send them.
function collect(element, buttons) {
  const body = new URLSearchParams();
  const pressed = new Set(buttons.map(([name, value]) => `${name}=${value}`));
  for (const control of element.querySelectorAll("input, select, textarea")) {
    const group = isExplicit(control);
    if (!control.name || control.disabled || control.type === "file") continue;
    if (group && !pressed.has(group.dataset.explicit)) continue;
    if (!isBox(control) || control.checked) body.append(control.name, control.value);
  }
  for (const [name, value] of buttons) body.append(name, value);
  return body.toString();
}

function remember(unit) {
  const element = elementOf(unit);
  const changed = element && (unit.dirty || unit.typed.size > 0);
  const body = changed ? collect(element, unit.buttons) : unit.unread;
  if (!unit.queue.length && !body) return forget(unit.address);
  return keep(unit.address, { queue: unit.queue, body });
}

async function send(unit) {
  if (unit.busy || unit.refused || (!unit.queue.length && !unit.dirty)) return;
  clearTimeout(unit.retry);
  if (!unit.queue.length) pack(unit);
  unit.busy = true;
  try {
    const [{ body, idem }] = unit.queue;
    const response = await post(unit.address, new URLSearchParams(body), { idem, keepalive: true });
    await answered(unit, response);
  } catch {
    later(unit, "waiting");
  }
  unit.busy = false;
  if (unit.goOn) {
    unit.goOn = false;
    await send(unit);
  }
}

const key = () => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`; // randomUUID wants https or localhost

function pack(unit) {
  unit.queue.push({ body: collect(elementOf(unit), unit.buttons), idem: key() });
  Object.assign(unit, { dirty: false, buttons: [], typed: new Set(), unread: null });
  remember(unit);
}

async function answered(unit, response) {
  if (response.ok || response.status === 422) return taken(unit, response);
  if (isSignedOut(response) || response.status === 403) return signedOut(unit, response);
  if (response.status >= 500 || response.status === 429) return later(unit, "failed");
  return refuse(unit, await said(response));
}

// The server decided: 200 saved, 422 could not read something, which stays in its field and on this device.
async function taken(unit, response) {
  const html = await response.text();
  const { body } = unit.queue.shift();
  const unread = response.status === 422 ? body : null;
  Object.assign(unit, { unread, tries: 0, retried: false, goOn: unit.dirty || unit.queue.length > 0 });
  unnotice("signin");
  swap(html, typedAnywhere(unread ?? ""));
  remember(unit);
}

function typedAnywhere(unread) {
  const names = new Set(new URLSearchParams(unread).keys());
  for (const { typed, queue } of units.values()) {
    for (const name of typed) names.add(name);
    for (const { body } of queue) for (const name of new URLSearchParams(body).keys()) names.add(name);
  }
  return names;
}

// Signed out, or signed in again in another tab with another token: look, then try once more.
async function signedOut(unit, response) {
  const back = await isBack();
  if (back && !unit.retried) {
    unit.retried = unit.goOn = true;
    return undefined;
  }
  unit.retried = false;
  if (back && response.status === 403) return refuse(unit, await said(response));
  say(unit, "waiting", words("waiting"));
  const href = words("signinUrl");
  return notice("signin", href ? { href, text: words("signinLink") } : null);
}

// Not allowed any more, or nothing the server can take: the words stay in the page and on this device.
function refuse(unit, sentence) {
  const [{ body }] = unit.queue;
  Object.assign(unit, { refused: true, dirty: false, queue: [], unread: body });
  remember(unit);
  say(unit, "error", sentence || words("refused"));
}

async function said(response) {
  const isData = response.headers.get("Content-Type")?.includes("json");
  return isData ? ((await response.json()).messages ?? []).join(" ") : "";
}

function later(unit, key) {
  say(unit, "waiting", words(key));
  unit.tries += 1;
  unit.retry = setTimeout(() => send(unit), Math.min(slowest, 1000 * 2 ** unit.tries));
}

function say(unit, kind, sentence) {
  const state = document.getElementById(`${elementOf(unit)?.id}-state`);
  if (!state) return;
  state.className = `st st-${kind}`;
  state.textContent = sentence;
}

const waiting = () => [...units.values()].some((unit) => unit.queue.length || unit.dirty || unit.typed.size);
const isKept = () => drafts().size > 0;

function sendAll() {
  for (const unit of units.values()) send(unit);
}

// The page goes: what was typed and not yet sent goes with it, and stays here until it is acknowledged.
function flush() {
  for (const unit of units.values()) {
    if (unit.typed.size && elementOf(unit)) unit.dirty = true;
    remember(unit);
    send(unit);
  }
}

// What an earlier page could not send. A draft made from the state that this page shows fills its fields.
function restore() {
  const isError = document.body.hasAttribute("data-error");
  for (const [address, draft] of drafts()) {
    if (draft.posted && !isError) forget(address);
    else if (!isError) revive(known(address), draft);
  }
}

function revive(unit, { queue, body }) {
  const element = elementOf(unit);
  const last = new URLSearchParams(body ?? queue.at(-1)?.body);
  const isSame = Boolean(element) && isOfThisState(element, last);
  unit.queue = queue;
  if (isSame) {
    fill(element, last);
    unit.dirty = Boolean(body);
    notice("restored");
  } else if (body) unit.queue.push({ body, idem: key() });
  send(unit);
}

function isOfThisState(element, body) {
  const seq = element.querySelector('[name$=".seq"]');
  return seq ? body.get(seq.name) === seq.value : true;
}

function fill(element, body) {
  document.dispatchEvent(new CustomEvent("ronda:rows", { detail: { element, names: [...new Set(body.keys())] } }));
  for (const control of element.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!body.has(control.name)) continue;
    if (isBox(control)) control.checked = body.getAll(control.name).includes(control.value);
    else control.value = body.get(control.name);
  }
}

// Whole forms: a sent form takes its drafts along; signing out and delivering wipe them.
function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.hasAttribute("data-wipe")) return leave(event, form);
  for (const element of form.querySelectorAll("[data-autosave]")) {
    const unit = units.get(element.dataset.autosave);
    if (!unit) continue;
    clearTimeout(unit.note);
    clearTimeout(unit.retry);
    if (unit.queue.length || unit.dirty || unit.typed.size) keep(unit.address, { queue: [], body: collect(element, []), posted: true });
    Object.assign(unit, { queue: [], dirty: false, typed: new Set(), buttons: [] });
  }
}

async function leave(event, form) {
  if (!waiting() || form.dataset.warned) return wipe();
  event.preventDefault();
  flush();
  for (let wait = 0; wait < 20 && waiting(); wait += 1) await new Promise((done) => setTimeout(done, 150));
  if (waiting()) {
    form.dataset.warned = "yes";
    return notice("unsent");
  }
  wipe();
  return form.submit();
}
