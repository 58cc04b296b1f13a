import { sysKeyStatus } from "../../vault/endpoints/sys-key-status.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector } from "../collector.ts";
import { gauge, withValue } from "../family.ts";

const SHARE = 0.4;

const term = gauge("sealwatch_keyring_term", "Number of the key that encrypts storage; one more after each rotation.");
const installed = gauge(
  "sealwatch_keyring_install_timestamp_seconds",
  "Unix time when the key that encrypts storage was made. No sample when Vault does not know.",
);
const encryptions = gauge(
  "sealwatch_keyring_encryptions",
  "Vault's estimate of what the key encrypted so far; it rotates by itself before 3865470566. No sample before Vault 1.7.",
);

/** How old and how used the key is that encrypts storage, from the active node. */
export const keyring: Collector = {
  name: "keyring",
  help: "The key that encrypts storage (the barrier's), from the active node.",
  families: [term, installed, encryptions],
  policy: [{ path: "sys/key-status", capabilities: ["read"] }],
  async collect(context) {
    const active = await context.active();
    const status = await active.read(sysKeyStatus, callBudget(context, SHARE));
    return [
      withValue(term, status.term),
      withValue(installed, status.installedAtSeconds),
      withValue(encryptions, status.encryptions),
    ];
  },
};
