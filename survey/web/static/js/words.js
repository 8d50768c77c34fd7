// The words of the page, rendered by base.html; this script has none of its own.

const texts = document.getElementById("texts")?.dataset ?? {};

export const words = (key) => texts[key] ?? "";

// A message at the top of the page, announced; the same key twice stands once.
export function notice(key, link = null) {
  const place = document.getElementById("notices");
  if (!place || place.querySelector(`[data-notice="${key}"]`)) return;
  const block = document.createElement("div");
  block.className = "note note-attention notice";
  block.dataset.notice = key;
  const line = document.createElement("p");
  line.textContent = words(key);
  block.append(line);
  if (link) block.append(linkLine(link));
  place.append(block);
  block.scrollIntoView({ block: "nearest" });
}

export function unnotice(key) {
  document.querySelector(`#notices [data-notice="${key}"]`)?.remove();
}

function linkLine({ href, text }) {
  const line = document.createElement("p");
  const anchor = document.createElement("a");
  Object.assign(anchor, { href, textContent: text, target: "_blank", rel: "noopener" });
  line.append(anchor);
  return line;
}
