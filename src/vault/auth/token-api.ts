import { z } from "zod";
import type { Auth } from "../../config/sections/auth.ts";
import { FailureError } from "../../lib/failure.ts";
import { Secret } from "../../lib/secret.ts";
import { parseAnswer } from "../answer.ts";
import type { CallOptions, VaultRequest, VaultTransport } from "../transport.ts";
import { chooseNode } from "./choose-node.ts";
import { loginRequest } from "./login-request.ts";
import type { ReadSecret } from "./login-request.ts";

/** IssuedToken is a token as Vault gave or renewed it. */
export type IssuedToken = {
  readonly token: Secret;
  /** 0: it never expires. */
  readonly ttlMs: number;
  readonly renewable: boolean;
};

/** TokenApi is what a token's life takes; every call throws `FailureError`, and none repeats itself. */
export type TokenApi = {
  /** Logs in once (`POST auth/<mount>/login`); reason `denied` when the login is refused. */
  readonly login: (options?: CallOptions) => Promise<IssuedToken>;
  /** `POST auth/token/renew-self` (`default` policy); reason `denied` or `refused` when it cannot be renewed. */
  readonly renew: (token: Secret, options?: CallOptions) => Promise<IssuedToken>;
  /** Tells whether a token is still known, whatever it may do. */
  readonly isValid: (token: Secret, options?: CallOptions) => Promise<boolean>;
  /** `POST auth/token/revoke-self` (`default` policy). */
  readonly revoke: (token: Secret, options?: CallOptions) => Promise<void>;
};

/** What a cluster's token calls need. Nodes may come and go, so they are asked for at each call. */
export type TokenApiOptions = {
  readonly cluster: string;
  readonly auth: Auth;
  /** Namespace of the auth method and of the tokens it gives. */
  readonly namespace: string | undefined;
  readonly transports: () => readonly VaultTransport[];
  readonly clusterId: () => string | undefined;
  readonly readSecret: ReadSecret;
};

const Answer = z.object({
  auth: z.object({
    client_token: z.string().min(1),
    lease_duration: z.number().nonnegative().default(0),
    renewable: z.boolean().default(false),
  }),
});

/** Creates the token calls of one cluster; each goes to the active node, else to any unsealed one. */
export function createTokenApi(options: TokenApiOptions): TokenApi {
  const { cluster, auth, transports, clusterId, readSecret } = options;
  const namespace = options.namespace === undefined ? {} : { namespace: options.namespace };
  const choose = async (limits: CallOptions | undefined): Promise<VaultTransport> =>
    await chooseNode({ cluster, transports: transports(), clusterId: clusterId() }, limits);
  const post = async (
    request: Pick<VaultRequest, "path" | "token" | "body">,
    limits: CallOptions | undefined,
  ): Promise<IssuedToken> => {
    const transport = await choose(limits);
    const response = await transport.request({ ...limits, ...namespace, ...request, method: "POST" });
    const issued = parseAnswer(transport, request.path, Answer, response).auth;
    return {
      token: new Secret(issued.client_token),
      ttlMs: issued.lease_duration * 1000,
      renewable: issued.renewable,
    };
  };
  return {
    login: async (limits) => await post({ ...(await loginRequest(auth, readSecret)), token: "none" }, limits),
    renew: async (token, limits) => await post({ path: "auth/token/renew-self", body: {}, token }, limits),
    isValid: async (token, limits) => await isValid(await choose(limits), { ...limits, ...namespace, token }),
    revoke: async (token, limits) => {
      const transport = await choose(limits);
      const path = "auth/token/revoke-self";
      await transport.request({ ...limits, ...namespace, method: "POST", path, body: {}, token });
    },
  };
}

/**
 * A token without Vault's `default` policy may not look itself up, which is a 403 like that of a token that is no more. Any valid token may
 * read `sys/internal/ui/mounts`.
 */
async function isValid(
  transport: VaultTransport,
  request: CallOptions & Pick<VaultRequest, "token" | "namespace">,
): Promise<boolean> {
  for (const path of ["auth/token/lookup-self", "sys/internal/ui/mounts"]) {
    const answer = await transport.request({ ...request, method: "GET", path }).then(
      () => "valid",
      (error: unknown) => (error instanceof FailureError ? error.reason : Promise.reject(error as Error)),
    );
    if (answer === "denied") continue;
    // Nobody said that it is invalid: a cluster that is sealed or slow has other troubles.
    return true;
  }
  return false;
}
