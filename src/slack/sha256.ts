/** Gives the SHA-256 of a text in hex. */
export async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Gives the short id of an Alertmanager group: its key holds braces and quotes, and may be longer than a button's value. */
export async function alertId(groupKey: string): Promise<string> {
  return (await sha256(groupKey)).slice(0, 12);
}
