/** Says that something secret was pasted, without saying it again, and what to do now. `kind` is what `findSecret` found. */
export function secretRefusal(kind: string): string {
  const rotate: Readonly<Record<string, string>> = {
    "Vault token": "revoke it now (`vault token revoke -accessor …`) and look into the audit log for its use",
    "Slack token": "revoke it now in the app's settings",
    "key share": "rekey the cluster: one holder's share is no longer theirs alone",
    "private key": "replace the key and its certificate",
    JWT: "end the session it belongs to",
  };
  return `That looks like a ${kind}. Nothing was done with it and it is stored nowhere here, but Slack has seen it: ${rotate[kind] ?? "replace it now"}. sealwatch never asks for secrets.`;
}
