/** What Slack posted, as an object; nothing in it is trusted. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * Reads a body: JSON (events), a form with JSON in `payload` (clicks, forms), or a form alone (commands). Undefined when it is none of
 * these.
 */
export function readPayload(body: string): Payload | undefined {
  // A form never begins so. What a header says of it varies (`; charset=utf-8`) and proves nothing.
  if (body.trimStart().startsWith("{")) return parse(body);
  const form = new URLSearchParams(body);
  const payload = form.get("payload");
  if (payload !== null) return parse(payload);
  return form.size === 0 ? undefined : Object.fromEntries(form);
}

function parse(text: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Payload) : undefined;
  } catch {
    return undefined;
  }
}
