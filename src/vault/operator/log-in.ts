import { z } from "zod";
import type { Auth } from "../../config/sections/auth.ts";
import { formatDuration } from "../../lib/duration.ts";
import { Secret } from "../../lib/secret.ts";
import { parseAnswer } from "../answer.ts";
import { loginRequest } from "../auth/login-request.ts";
import type { ReadSecret } from "../auth/login-request.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";

/** A login that serves one call. */
export type Login = {
  readonly token: Secret;
  /** In milliseconds; 0: it never ends. */
  readonly ttlMs: number;
};

/** Who logs in, and where the secret is. */
export type LoginConfig = {
  readonly auth: Auth;
  readonly namespace: string | undefined;
  readonly readSecret: ReadSecret;
};

const Answer = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: z.number().nonnegative().default(0) }),
});

/** The token of a login may mint again and again; one that outlived sealwatch for longer would be worth stealing. */
const LONGEST_MS = 3_600_000;

/** Logs in once (`POST auth/<mount>/login`, no token); throws `FailureError`, reason `denied` when the login is refused. */
export async function logIn(transport: VaultTransport, config: LoginConfig, options: CallOptions): Promise<Login> {
  const { path, body } = await loginRequest(config.auth, config.readSecret);
  const namespace = config.namespace === undefined ? {} : { namespace: config.namespace };
  const answer = await transport.request({ ...options, ...namespace, method: "POST", path, body, token: "none" });
  const { auth } = parseAnswer(transport, path, Answer, answer);
  return { token: new Secret(auth.client_token), ttlMs: auth.lease_duration * 1000 };
}

/** Says what is wrong with a login's life, or undefined when it is short enough. */
export function judgeLogin({ ttlMs }: Login): string | undefined {
  if (ttlMs > 0 && ttlMs <= LONGEST_MS) return undefined;
  const life = ttlMs === 0 ? "for ever" : `for ${formatDuration(ttlMs)}`;
  return `the login's own token lives ${life}, at most ${formatDuration(LONGEST_MS)} is taken`;
}
