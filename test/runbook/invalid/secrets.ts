import type { InvalidRunbook } from "../invalid-runbooks.ts";

/** Mistakes in secrets, in files and asked for. */
export const secrets: readonly InvalidRunbook[] = [
  {
    name: "invalid-ask-secret",
    findings: [
      '11:10: this asks for a secret ("key share"); let people type it into a terminal, with a "manual" step (secret-input)',
    ],
  },
  {
    name: "invalid-secret-description",
    findings: [
      '9:35: this asks for a secret ("root token"); let people type it into a terminal, with a "manual" step (secret-input)',
    ],
  },
  {
    name: "invalid-secret-flag",
    findings: ['9:22: unknown key "secret"; known: default, description, label, pattern, type (unknown-key)'],
  },
  {
    name: "invalid-secret-in-comment",
    findings: ["11:23: this looks like a Vault token; take it out, and rotate it if it is real (secret-in-text)"],
  },
  {
    name: "invalid-secret-input",
    findings: [
      '9:3: this asks for a secret ("unseal key"); let people type it into a terminal, with a "manual" step (secret-input)',
    ],
  },
];
