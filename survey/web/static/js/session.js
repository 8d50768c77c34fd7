// Who is signed in, as far as this page knows, and the token its forms carry.

export const person = document.body.dataset.person ?? "";

const meta = () => document.querySelector('meta[name="csrf-token"]');

export const token = () => meta()?.content ?? "";

// A POST that says it comes from this script. Answers the Response; throws when there is no connection.
export function post(address, body, { idem = "", keepalive = false } = {}) {
  const headers = { "X-Requested-With": "ronda", "X-CSRFToken": token(), Accept: "text/html" };
  if (idem) headers["Idempotency-Key"] = idem;
  const small = body.toString().length < 60000;
  return fetch(address, { method: "POST", headers, body, redirect: "manual", credentials: "same-origin", keepalive: keepalive && small });
}

export const isSignedOut = (response) => response.type === "opaqueredirect" || response.status === 401;

// Looks whether the same person is signed in again (in another tab) and takes over the new token.
export async function isBack() {
  const headers = { "X-Requested-With": "ronda", Accept: "text/html" };
  const response = await fetch(location.href, { headers, redirect: "manual", credentials: "same-origin", cache: "no-store" });
  if (!response.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!fresh || page.body.dataset.person !== person) return false;
  meta().content = fresh;
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = fresh;
  return true;
}
