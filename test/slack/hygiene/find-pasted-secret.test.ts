import { describe, expect, it } from "@jest/globals";
import { findPastedSecret } from "../../../src/slack/hygiene/find-pasted-secret.ts";
import { findSecret } from "../../../src/lib/redact.ts";

/** Made-up values in the forms of real ones. */
const SHARE_33 = "Zk3vQ1c9xT7bLr0aYpW5uEoN8dHsJ2mG4iKfXtVqBzRw";
const SHARE_32 = "Zk3vQ1c9xT7bLr0aYpW5uEoN8dHsJ2mG4iKfXtVqBzR=";
const HEX_64 = "5f3a9c0b".repeat(8);
const JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";

const secrets = [
  { name: "a share of several, bare", text: SHARE_33, kind: "key share" },
  { name: "a share as `operator init` prints it", text: `Unseal Key 3: ${SHARE_33}`, kind: "key share" },
  { name: "a share in hex", text: `it is ${HEX_64}9c`, kind: "key share" },
  { name: "an only share, alone in its line", text: `here it is\n> \`${SHARE_32}\``, kind: "key share" },
  { name: "an only share, named", text: `recovery key ${HEX_64} works`, kind: "key share" },
  { name: "shares as JSON", text: `"unseal_keys_hex": [\n  "${HEX_64}",\n]`, kind: "key share" },
  { name: "a service token", text: "try hvs.CAESIJ3Jv1canary0made0up0token9", kind: "Vault token" },
  { name: "a batch token", text: "hvb.AAAAAQJcanary0made0up0token99", kind: "Vault token" },
  { name: "an old token, also of OpenBao", text: "VAULT_TOKEN=s.Canary0Made0Up0Token0000", kind: "Vault token" },
  { name: "a bot token", text: "xoxb-000000000000-made-up-canary", kind: "Slack token" },
  {
    name: "a hook",
    text: "<https://hooks.slack.com/services/T00000000/B00000000/canaryMadeUp000000000000>",
    kind: "Slack hook",
  },
  {
    name: "a private key",
    text: `-----BEGIN RSA PRIVATE KEY-----\n${"MIIEcanary".repeat(6)}\n-----END RSA PRIVATE KEY-----`,
    kind: "private key",
  },
  { name: "a JWT", text: `Authorization: Bearer ${JWT}`, kind: "JWT" },
];

const harmless = [
  { name: "a commit", text: "fixed in 8680f05b3c1d9a7e6f5040312233445566778899" },
  { name: "a short commit", text: "see 8680f05" },
  { name: "a trace id", text: "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7" },
  { name: "a UUID", text: "request_id 8d1c1f0e-5d0a-4f0b-9c43-0d6f6f2b7a11 failed" },
  { name: "a digest of an image", text: `registry.example/vault@sha256:${HEX_64}` },
  { name: "an HMAC of the audit log", text: `"client_token":"hmac-sha256:${HEX_64}"` },
  { name: "a line of sha256sum", text: `${HEX_64}  backup-prod.snap` },
  { name: "an id of a container in a list", text: `${HEX_64}   vault:1.20   "docker-entrypoint.s…"   Up 3 hours` },
  { name: "a checksum in words", text: `the digest is ${HEX_64}, as before` },
  { name: "a fingerprint of SSH", text: "SHA256:Zk3vQ1c9xT7bLr0aYpW5uEoN8dHsJ2mG4iKfXtVqBzR" },
  { name: "a checksum of a provider", text: `h1:${SHARE_32}` },
  { name: "integrity of a package", text: `sha256-${SHARE_32}` },
  { name: "a call in a stack trace", text: "s.forwardRequestToActiveNodeWithRetries(0xc000123456)" },
  { name: "a placeholder of a token", text: "export VAULT_TOKEN=hvs.your-token-goes-here-please" },
  { name: "a masked token", text: "hvs.XXXXXXXXXXXXXXXXXXXXXXXX" },
  { name: "a placeholder of a bot token", text: "put xoxb-your-token-here into the secret" },
  { name: "the name of the hooks' host", text: "is hooks.slack.com/services blocked?" },
  { name: "talk about a private key", text: "the file begins with -----BEGIN PRIVATE KEY-----" },
  { name: "a word of 43 characters and a sign", text: "key: thisisnothingbutaverylongwordwithoutmeaning=" },
  { name: "a path of 44 characters", text: "see deploy/overlays/production/vault/statefulset" },
  { name: "a long name", text: "AbstractSingletonProxyFactoryBeanManagerImpl" },
  { name: "a base64 of another length", text: "c29tZSB0aGluZyBlbHNlIHRoYXQgaXMgbm90IGEgc2hhcmUgYXQgYWxs" },
];

describe("a secret in a person's message", () => {
  it.each(secrets)("is found: $name", ({ text, kind }) => {
    expect(findPastedSecret(text)).toBe(kind);
  });

  it.each(secrets)("is one that is redacted everywhere else too: $name", ({ text }) => {
    expect(findSecret(text)).toBeDefined();
  });

  it.each(harmless)("is not seen in $name", ({ text }) => {
    expect(findPastedSecret(text)).toBeUndefined();
  });

  it("does not count again when the message is edited around it, and counts when another takes its place", () => {
    expect(findPastedSecret(`sorry: ${SHARE_33}`, SHARE_33)).toBeUndefined();
    expect(findPastedSecret(SHARE_33.replace("Zk3", "Qq7"), SHARE_33)).toBe("key share");
  });
});
