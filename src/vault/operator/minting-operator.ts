import type { Operator as OperatorConfig } from "../../config/sections/operator.ts";
import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import { FailureError, toFailure } from "../../lib/failure.ts";
import { silentLogger } from "../../lib/logger.ts";
import type { LogFacts, Logger } from "../../lib/logger.ts";
import { mintedPolicyName } from "../../lib/minted-policy.ts";
import type { Secret } from "../../lib/secret.ts";
import { chooseNode } from "../auth/choose-node.ts";
import { loginPath } from "../auth/login-request.ts";
import type { ReadSecret } from "../auth/login-request.ts";
import type { Operator, OperatorCall, OperatorEnd, OperatorSession, VaultCluster } from "../cluster.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { endCredential } from "./end-credential.ts";
import type { Ended } from "./end-credential.ts";
import { judgeGrant } from "./judge-grant.ts";
import { judgeLogin, logIn } from "./log-in.ts";
import type { Login } from "./log-in.ts";
import { mintToken } from "./mint-token.ts";
import { sessionCluster } from "./session-cluster.ts";

/** What minting takes. Nodes may come and go, so they are asked for at each call. */
export type MintingOptions = {
  /** Asked when a session begins, because the cluster holds its operator. */
  readonly cluster: () => VaultCluster;
  readonly name: string;
  readonly config: OperatorConfig;
  /** Of the cluster; the auth method's own wins. */
  readonly namespace: string | undefined;
  readonly transports: () => readonly VaultTransport[];
  readonly clusterId: () => string | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly readSecret: ReadSecret;
  readonly logger?: Logger;
};

/** Choosing a node, the login and the token; nothing was called yet, so a slow cluster is let be soon. */
const OPEN_MS = 10_000;

/**
 * Creates the operator that mints: for each approved call a login, and from it a token with the action's policy alone, for the call's time, not
 * renewable. More than asked is revoked and not used. Nothing is kept after the call.
 */
export function createMintingOperator(options: MintingOptions): Operator {
  const { config } = options;
  return {
    kind: "minted",
    describe: (action) => {
      const policy = mintedPolicyName(config.policyPrefix, action);
      return (
        `a token for this call alone, minted when it is approved (${config.auth.method} login at ${mountOf(config)}, token role ` +
        `${config.tokenRole}, policy ${policy}) and revoked after it; while Vault is sealed or has no leader there is none`
      );
    },
    open: async (call, limits) => await new Minting(options, call).open(limits),
  };
}

function mountOf({ auth }: OperatorConfig): string {
  return loginPath(auth).replace(/\/login$/u, "");
}

/** Minting is the credential of one call, from its login to its end. */
class Minting {
  readonly #options: MintingOptions;
  readonly #call: OperatorCall;
  readonly #policy: string;
  readonly #namespace: string | undefined;
  readonly #logger: Logger;
  #over = false;
  #ending: Promise<OperatorEnd> | undefined;
  /** When the last of its tokens dies by itself. */
  #diesAt: Timestamp = 0;

  constructor(options: MintingOptions, call: OperatorCall) {
    this.#options = options;
    this.#call = call;
    this.#policy = mintedPolicyName(options.config.policyPrefix, call.action);
    this.#namespace = options.config.auth.namespace ?? options.namespace;
    this.#logger = options.logger ?? silentLogger;
  }

  async open({ timeoutMs = OPEN_MS, signal }: CallOptions): Promise<OperatorSession> {
    const late = AbortSignal.timeout(timeoutMs);
    // Each call has the transport's own time-out besides: a frozen node must leave time for another.
    const limits = { signal: signal === undefined ? late : AbortSignal.any([signal, late]) };
    const { transport, login } = await this.#logIn(limits);
    const minted = await this.#mint(transport, login, limits);
    const { cluster, transports } = this.#options;
    const session = { token: minted, isOver: () => this.#over };
    return {
      cluster: sessionCluster(cluster(), transports, session),
      end: async () => await (this.#ending ??= this.#end(login.token, minted)),
    };
  }

  async #logIn(limits: CallOptions): Promise<{ readonly transport: VaultTransport; readonly login: Login }> {
    const { name, config, clock, readSecret } = this.#options;
    try {
      const transport = await this.#choose(limits);
      const login = await logIn(transport, { auth: config.auth, namespace: this.#namespace, readSecret }, limits);
      this.#diesAt = login.ttlMs === 0 ? Infinity : clock.now() + login.ttlMs;
      return { transport, login };
    } catch (error) {
      const { message, ...failure } = toFailure(error);
      const words = `cannot log in with clusters[].operator.auth of ${name} for ${this.#call.action}: ${message}`;
      throw new FailureError({ ...failure, message: words }, { cause: error });
    }
  }

  async #mint(transport: VaultTransport, login: Login, limits: CallOptions): Promise<Secret> {
    const { clock, config } = this.#options;
    const { run, step } = this.#call;
    // Vault counts in seconds.
    const ttlMs = Math.max(1, Math.ceil(this.#call.ttlMs / 1000)) * 1000;
    const asked = { role: config.tokenRole, policy: this.#policy, ttlMs, run, step, namespace: this.#namespace };
    const tooLong = judgeLogin(login);
    if (tooLong !== undefined) throw await this.#refuse([tooLong], login.token);
    const given = await mintToken(transport, login.token, asked, limits).catch(async (error: unknown) => {
      // Whether a token was minted may not be known: it dies with the login.
      throw this.#unminted(error, await this.#end(login.token, undefined));
    });
    const diesAt = given.ttlMs === 0 ? Infinity : clock.now() + given.ttlMs;
    this.#diesAt = given.orphan ? diesAt : Math.min(this.#diesAt, diesAt);
    const wrong = judgeGrant(asked, given);
    if (wrong.length > 0) throw await this.#refuse(wrong, login.token, given.token);
    this.#logger.info("minted a token for one call", { ...this.#facts(), seconds: given.ttlMs / 1000 });
    return given.token;
  }

  async #end(login: Secret, minted: Secret | undefined): Promise<OperatorEnd> {
    this.#over = true;
    const held = { login, minted, namespace: this.#namespace };
    const ended = await endCredential(held, { choose: this.#choose, timers: this.#options.timers });
    const { text, revoked } = endOf(ended, this.#diesAt);
    if (revoked === "verified") this.#logger.info("revoked the token of a call", this.#facts());
    else this.#logger.warn("cannot prove that the token of a call is revoked", { ...this.#facts(), why: text });
    return { text, revoked };
  }

  readonly #choose = async (limits: CallOptions): Promise<VaultTransport> => {
    const { name, transports, clusterId } = this.#options;
    const advice = "unseal or start a node first: only a serving cluster mints and revokes tokens";
    return await chooseNode({ cluster: name, transports: transports(), clusterId: clusterId(), advice }, limits);
  };

  async #refuse(wrong: readonly string[], login: Secret, minted?: Secret): Promise<FailureError> {
    const { name } = this.#options;
    const { text } = await this.#end(login, minted);
    return new FailureError({
      reason: "refused",
      retryable: false,
      message:
        `cannot use the credential that ${name} gave for ${this.#call.action}: ${wrong.join(", and ")}. It was not used: ${text}; ` +
        `set it up as \`sealwatch policy operator\` and \`sealwatch policy actions\` print it`,
    });
  }

  #unminted(error: unknown, { revoked, text }: OperatorEnd): FailureError {
    const { name, config } = this.#options;
    const { message, ...failure } = toFailure(error);
    const rest = revoked === "verified" ? "" : `. Of the login: ${text}`;
    const words =
      `cannot mint a token for ${this.#call.action} on ${name} (token role ${config.tokenRole}, policy ${this.#policy}): ` +
      `${message}${rest}; \`sealwatch policy actions\` prints the role and its policies`;
    return new FailureError({ ...failure, message: words }, { cause: error });
  }

  #facts(): LogFacts {
    const { action, run, step } = this.#call;
    return { cluster: this.#options.name, action, run, step, policy: this.#policy };
  }
}

function endOf(ended: Ended, diesAt: Timestamp): OperatorEnd {
  if ("verifiedBy" in ended)
    return {
      text: `the token of this call was revoked; ${ended.verifiedBy} does not know it any more`,
      revoked: "verified",
    };
  const by = diesAt === Infinity ? "it never ends by itself" : `it ends by itself by ${timeOf(diesAt)}`;
  return {
    text: `it could not be proved that the token of this call is revoked (${ended.why}); ${by}`,
    revoked: "unverified",
  };
}

function timeOf(at: Timestamp): string {
  return `${new Date(Math.ceil(at / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
