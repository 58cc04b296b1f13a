import type { ClusterConfig } from "../config/schema.ts";
import type { Clock, Timers } from "../lib/clock.ts";
import { silentLogger } from "../lib/logger.ts";
import type { Logger } from "../lib/logger.ts";
import type { AuthStats } from "./auth/auth-stats.ts";
import type { ReadSecret } from "./auth/login-request.ts";
import { LoginToken } from "./auth/login-token.ts";
import { createTokenApi } from "./auth/token-api.ts";
import type { Tokens } from "./call-token.ts";
import { createTokenSource } from "./create-token-source.ts";
import { approvalOnly } from "./operator/approval-only.ts";
import type { TokenSource } from "./token-source.ts";
import type { VaultTransport } from "./transport.ts";

/** The part of a cluster's configuration that its tokens take. */
export type TokenConfig = Pick<ClusterConfig, "name" | "token" | "operatorToken" | "operator" | "auth" | "namespace">;

/** What logging in takes from outside. */
export type LoginDependencies = {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly readSecret: ReadSecret;
  readonly logger?: Logger;
  /** Gives 0 to 1, by which several exporters spread. */
  readonly random: () => number;
};

/** What a cluster's tokens need besides their configuration; nodes may come and go, so they are asked for at each login. */
export type TokenDependencies = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Undefined: nobody logs in, and calls that need the token of `auth` are denied. */
  readonly login: LoginDependencies | undefined;
  readonly transports: () => readonly VaultTransport[];
  readonly clusterId: () => string | undefined;
};

/** ClusterTokens are the tokens of one cluster, for reading and for actions. */
export type ClusterTokens = Tokens & {
  /** Undefined when no token of ours is logged in for. */
  readonly stats: (() => AuthStats) | undefined;
  readonly close: () => Promise<void>;
};

/** Creates a cluster's tokens; sends nothing before the first call that needs one. */
export function createClusterTokens(config: TokenConfig, dependencies: TokenDependencies): ClusterTokens {
  const { env } = dependencies;
  const read = config.token === undefined ? loginToken(config, dependencies) : createTokenSource(config.token, env);
  const operate = operateSource(config, read, env);
  return {
    ...(read === undefined ? {} : { read }),
    ...(operate === undefined ? {} : { operate }),
    stats: read?.stats?.bind(read),
    close: async () => await read?.close?.(),
  };
}

function operateSource(
  { name, operator, operatorToken }: TokenConfig,
  read: TokenSource | undefined,
  env: TokenDependencies["env"],
): TokenSource | undefined {
  if (operator !== undefined) return approvalOnly(name);
  return operatorToken === undefined ? read : createTokenSource(operatorToken, env);
}

function loginToken({ name, auth, namespace }: TokenConfig, dependencies: TokenDependencies): TokenSource | undefined {
  const { login, transports, clusterId } = dependencies;
  if (auth === undefined || login === undefined) return undefined;
  const { clock, timers, readSecret, random, logger = silentLogger } = login;
  const where = { cluster: name, auth, namespace: auth.namespace ?? namespace };
  const api = createTokenApi({ ...where, transports, clusterId, readSecret });
  return new LoginToken({ cluster: name, api, clock, timers, random, logger });
}
