// The server: one POST per action, and one stream of what changes.

export async function act(action, values) {
  const answer = await fetch(`/control/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(values),
  });
  const body = await answer.json().catch(() => ({ error: answer.statusText }));
  if (!answer.ok) throw new Error(body?.error ?? answer.statusText);
  return body;
}

export async function stage() {
  const answer = await fetch("/control/stage");
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

// Calls back with every change after *since*; *onState* hears "on" and "off"; a reset means: load anew.
export function follow(since, onChange, onState, onReset) {
  const source = new EventSource(`/control/stream?since=${since}`);
  source.addEventListener("open", () => onState("on"));
  source.addEventListener("error", () => onState("off"));
  source.addEventListener("message", (event) => onChange(JSON.parse(event.data)));
  source.addEventListener("reset", () => {
    source.close();
    onReset();
  });
}

export async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
