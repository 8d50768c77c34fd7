// Tables to type in: rows added at once, cells pasted from a spreadsheet, rows folded on a phone.
import { save, unitOf } from "./saving.js";
import { isBox } from "./swap.js";
import { notice } from "./words.js";

export function startRosters() {
  document.addEventListener("click", onClick);
  document.addEventListener("paste", onPaste);
  document.addEventListener("input", ({ target }) => target.matches("[data-paste]") && pasteBelow(target));
  document.addEventListener("ronda:swapped", ({ detail }) => detail.forEach(fold));
  document.addEventListener("ronda:rows", ({ detail }) => rowsFor(detail.element, detail.names));
  fold(document);
}

function onClick(event) {
  const button = event.target.closest("button");
  if (button?.name === "add_row") add(event, button.value);
  else if (button?.name === "remove_row") remove(event, button);
  else if (button?.matches(".unfold")) toggle(button);
}

const templateOf = (code) => document.querySelector(`template[data-row-of="${CSS.escape(code)}"]`);
const bodyOf = (code) => document.querySelector(`[data-roster="${CSS.escape(code)}"] tbody`);

function add(event, code) {
  const row = newRow(code);
  if (!row) return;
  event.preventDefault();
  cellsOf(row)[0]?.focus();
}

function newRow(code, id = freshId()) {
  const [template, body] = [templateOf(code), bodyOf(code)];
  if (!template || !body) return null;
  const html = template.innerHTML.replaceAll("__row__", id).replaceAll("__number__", String(body.rows.length + 1));
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const row = holder.content.querySelector("tr");
  row.dataset.fresh = "yes";
  body.append(row);
  return row;
}

function freshId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function remove(event, button) {
  const row = button.closest("tr");
  const unit = unitOf(button);
  if (!unit) return;
  event.preventDefault();
  (row.previousElementSibling ?? row.nextElementSibling)?.querySelector("input, select, textarea")?.focus();
  row.remove();
  if (row.dataset.fresh && cellsOf(row).every((cell) => !valueOf(cell))) return;
  save(unit, [button.name, button.value]);
}

// A draft may hold rows that the page has not.
function rowsFor(element, names) {
  const roster = element.querySelector("[data-roster]");
  if (!roster) return;
  const ids = new Set(names.filter((name) => name.includes("/")).map((name) => name.split("/")[0]));
  for (const id of ids) if (!roster.querySelector(`[data-row="${CSS.escape(id)}"]`)) newRow(roster.dataset.roster, id);
}

// cells

const cellsOf = (row) => [...row.querySelectorAll("th > div, td > div")].map((cell) => cell.querySelector("input, select, textarea")).filter(Boolean);
const valueOf = (control) => (isBox(control) ? control.checked : control.value.trim());

function onPaste(event) {
  const row = event.target.closest("[data-roster] tr[data-row]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!row || event.target.matches("textarea") || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  pour(row, cellsOf(row).indexOf(event.target), cellsIn(text));
}

function pasteBelow(area) {
  const lines = cellsIn(area.value);
  if (!lines.length) return;
  const body = bodyOf(area.dataset.paste);
  const blank = [...body.rows].find((row) => cellsOf(row).every((cell) => !valueOf(cell)));
  const row = blank ?? newRow(area.dataset.paste);
  area.value = "";
  pour(row, 0, lines);
  notice("pasted");
  cellsOf(row)[0]?.focus();
}

function pour(first, column, lines) {
  const code = first.closest("[data-roster]").dataset.roster;
  let row = first;
  let lost = 0;
  for (const line of lines) {
    row ??= newRow(code);
    if (!row) break; // fixed rows: the rest has no place
    const cells = cellsOf(row).slice(Math.max(column, 0));
    line.forEach((text, place) => (lost += cells[place] && !put(cells[place], text) ? 1 : 0));
    row = row.nextElementSibling;
  }
  if (lost) notice("unmatched");
  save(unitOf(first));
}

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();

// Whether the cell took the text; a choice is found by its label or code.
function put(control, text) {
  const boxes = control.closest(".boxes");
  if (boxes) return putBoxes(boxes, text);
  if (control.type === "checkbox") control.checked = folded(text) !== "" && folded(text) !== "no";
  else if (control.tagName === "INPUT") control.value = text.replace(/\s+/g, " ").trim();
  else if (control.tagName === "TEXTAREA") control.value = text.trim();
  else return putChoice(control, text);
  return true;
}

function putChoice(select, text) {
  const found = [...select.options].find((option) => [option.text, option.value].some((known) => folded(known) === folded(text)));
  select.value = found?.value ?? "";
  return Boolean(found);
}

function putBoxes(boxes, text) {
  const wanted = text.split(/[;,\n]/).map(folded).filter(Boolean);
  let taken = 0;
  for (const label of boxes.querySelectorAll("label")) {
    const box = label.querySelector("input");
    box.checked = wanted.includes(folded(label.textContent)) || wanted.includes(folded(box.value));
    taken += box.checked ? 1 : 0;
  }
  return taken === wanted.length;
}

// The cells of copied text: tabs and lines, with quotes around cells that hold either.
function cellsIn(text) {
  const lines = [[""]];
  let quoted = false;
  for (let place = 0; place < text.length; place += 1) {
    const letter = text[place];
    const line = lines.at(-1);
    if (quoted && letter === '"' && text[place + 1] === '"') line[line.length - 1] += text[(place += 1)];
    else if (letter === '"' && (quoted || line.at(-1) === "")) quoted = !quoted;
    else if (!quoted && letter === "\t") line.push("");
    else if (!quoted && letter === "\n") lines.push([""]);
    else if (letter !== "\r") line[line.length - 1] += letter;
  }
  return lines.filter((line) => line.some((cell) => cell.trim()));
}

// On a phone a filled row shows one line; its button opens it.
function fold(root) {
  const rows = root.matches?.("tr[data-row]") ? [root] : root.querySelectorAll(".grid tr[data-row]");
  for (const row of rows) {
    const head = row.querySelector("th");
    if (!head || head.querySelector(".unfold")) continue;
    const cells = cellsOf(row);
    const name = head.querySelector("input, select, textarea");
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "unfold" });
    const label = () => (button.textContent = name ? shown(name) || head.dataset.l : head.textContent);
    label();
    name?.addEventListener("change", label);
    head.prepend(button);
    const isFolded = cells.some(valueOf) && !row.querySelector("[aria-invalid]");
    row.classList.toggle("folded", isFolded);
    button.setAttribute("aria-expanded", String(!isFolded));
  }
}

const shown = (control) => (control.tagName === "SELECT" ? control.selectedOptions[0]?.text : control.value);

function toggle(button) {
  const isFolded = button.closest("tr").classList.toggle("folded");
  button.setAttribute("aria-expanded", String(!isFolded));
}
