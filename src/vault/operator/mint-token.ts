import { z } from "zod";
import { Secret } from "../../lib/secret.ts";
import { parseAnswer } from "../answer.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";
import type { AskedToken, GivenToken } from "./judge-grant.ts";

/** What is asked for, and what Vault's audit log is to say of it. */
export type MintRequest = AskedToken & {
  readonly run: string;
  readonly step: string;
  /** Of the login, whose token this one is a child of. */
  readonly namespace: string | undefined;
};

/** A token as Vault gave it. */
export type MintedToken = GivenToken & { readonly token: Secret };

const Answer = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    policies: z.array(z.string()).nullish(),
    lease_duration: z.number().nonnegative().default(0),
    renewable: z.boolean().default(false),
    orphan: z.boolean().default(false),
  }),
  warnings: z.array(z.string()).nullish(),
});

/**
 * Sends `POST auth/token/create/<role>` (`update`) with the token of a login: a child of it, so that revoking the login revokes it too. Never
 * repeats itself; what was given is for the caller to judge. Throws `FailureError`.
 */
export async function mintToken(
  transport: VaultTransport,
  login: Secret,
  asked: MintRequest,
  options: CallOptions,
): Promise<MintedToken> {
  const path = `auth/token/create/${asked.role}`;
  const namespace = asked.namespace === undefined ? {} : { namespace: asked.namespace };
  const answer = await transport.request({
    ...options,
    ...namespace,
    method: "POST",
    path,
    token: login,
    body: bodyOf(asked),
  });
  const { auth, warnings } = parseAnswer(transport, path, Answer, answer);
  return {
    token: new Secret(auth.client_token),
    policies: auth.policies ?? [],
    ttlMs: auth.lease_duration * 1000,
    renewable: auth.renewable,
    orphan: auth.orphan,
    warnings: warnings ?? [],
  };
}

function bodyOf({ policy, ttlMs, run, step }: MintRequest) {
  const ttl = `${ttlMs / 1000}s`;
  return {
    policies: [policy],
    ttl,
    explicit_max_ttl: ttl,
    renewable: false,
    no_default_policy: true,
    display_name: `sealwatch ${run}`,
    meta: { run, step },
  };
}
