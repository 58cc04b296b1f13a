/** What to do about each kind of secret that `findSecret` names (src/lib/redact.ts); a test compares the two lists. */
const ROTATION: Readonly<Record<string, string>> = {
  "Vault token":
    "revoke it by its accessor (`vault token revoke -accessor …`, or `bao`), then look into the audit log for its use",
  "key share":
    "rekey the cluster (`vault operator rekey`, with `-target=recovery` for recovery keys): one holder's share is no longer theirs alone",
  "Slack token":
    "revoke it in the app's settings (OAuth & Permissions), and give sealwatch the new one if it is its own",
  "Slack hook": "remove it in the app's settings (Incoming Webhooks): whoever has the address can post",
  "private key": "make a new key, revoke the certificate of the old one and replace both where they are used",
  JWT: "end the session or delete the service account token that it belongs to; it counts until it expires",
};

/** Says how a kind of secret is made worthless, as half a sentence in mrkdwn. */
export function rotation(kind: string): string {
  return ROTATION[kind] ?? "replace it";
}

/** Says that something secret was typed into a command or a form, without saying it again, and what to do now. `kind` is what `findSecret` found. */
export function secretRefusal(kind: string): string {
  return `That looks like a ${kind}. Nothing was done with it and it is stored nowhere here, but Slack has seen it: ${rotation(kind)}. sealwatch never asks for secrets.`;
}
