// What was typed and has not reached the server, on this device. Wiped when it arrives, on signing out,
// on sending the response, and when somebody else signs in.
import { person } from "./session.js";

const prefix = "ronda:";
const own = `${prefix}${person}:`;

function stored() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function attempt(deed) {
  try {
    return deed();
  } catch {
    return null; // no storage in this browser: what is typed lives in the page alone
  }
}

// draft: {queue: [{body, idem}], body: text | null, posted}
// Nothing is kept once this page has wiped: what still runs while it goes must not bring a draft back.
let gone = false;
export const keep = (address, draft) => gone || attempt(() => localStorage.setItem(own + address, JSON.stringify(draft)));
export const forget = (address) => attempt(() => localStorage.removeItem(own + address));
export function wipe() {
  gone = true;
  stored().forEach((key) => attempt(() => localStorage.removeItem(key)));
}

// address → draft, of the person signed in; those of others go.
export function drafts() {
  const found = new Map();
  for (const key of person ? stored() : []) {
    const draft = key.startsWith(own) ? attempt(() => JSON.parse(localStorage.getItem(key))) : null;
    if (draft) found.set(key.slice(own.length), draft);
    else attempt(() => localStorage.removeItem(key));
  }
  return found;
}
