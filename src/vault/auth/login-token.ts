import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import { FailureError, toFailure } from "../../lib/failure.ts";
import type { FailureReason } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Secret } from "../../lib/secret.ts";
import type { CallOptions } from "../transport.ts";
import type { TokenSource } from "../token-source.ts";
import { withinCall } from "../within-call.ts";
import type { AuthStats } from "./auth-stats.ts";
import { holdToken, renewToken } from "./held-token.ts";
import type { HeldToken } from "./held-token.ts";
import { createLoginPace } from "./login-pace.ts";
import type { LoginPace } from "./login-pace.ts";
import type { TokenApi } from "./token-api.ts";

/** What a token of our own needs. `random` gives 0 to 1. */
export type LoginTokenOptions = {
  readonly cluster: string;
  readonly api: TokenApi;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly logger: Logger;
};

/** Why a login failed for no fault of its own; all else is for people to mend, and `denied` to whoever wanted a token. */
const WAITING: ReadonlySet<FailureReason> = new Set([
  "sealed",
  "standby",
  "no-leader",
  "rate-limited",
  "unreachable",
  "timeout",
  "aborted",
  "server-error",
]);

/** A renewal that failed for no fault of the token is tried again after half of this to all of it. */
const RENEW_AGAIN_MS = 10_000;

/** A policy that lacks a line is a 403 at every scrape; looking whether the token is valid once in a while is enough. */
const CHECK_AGAIN_MS = 30_000;

/** A call under way may still carry the old token. */
const RETIRE_AFTER_MS = 15_000;

/** The end of the program waits no longer for it. */
const REVOKE_MS = 2000;

/**
 * LoginToken is the token that sealwatch gets by logging in. The first `read` logs in; from then on it is renewed and replaced on its own
 * clock, one task at a time. The old token serves until the new one is there; a token of ours is revoked when it was replaced and at the end.
 */
export class LoginToken implements TokenSource {
  readonly #options: LoginTokenOptions;
  readonly #pace: LoginPace;
  readonly #ending = new AbortController();
  /** Replaced tokens that are not revoked yet, with what cancels their timer. */
  readonly #retiring = new Map<Secret, () => void>();
  #stats: AuthStats = { logins: 0, loginFailures: 0, renewals: 0, renewalFailures: 0 };
  #held: HeldToken | undefined;
  #failure: FailureError;
  #busy: Promise<void> | undefined;
  #checkedAt: Timestamp = -Infinity;
  #cancelTimer = (): void => {};

  constructor(options: LoginTokenOptions) {
    this.#options = options;
    this.#pace = createLoginPace(options.random);
    this.#failure = noToken(options.cluster, "nobody logged in yet");
  }

  stats(): AuthStats {
    return this.#stats;
  }

  async read(options: CallOptions = {}): Promise<Secret> {
    const { cluster } = this.#options;
    if (this.#ending.signal.aborted) throw noToken(cluster, "the program ends");
    if (this.#alive() === undefined) {
      await withinCall(
        this.#begin(async () => await this.#tend()),
        options,
        `cannot log in to ${cluster}`,
      );
    }
    const held = this.#alive();
    if (held === undefined) throw this.#failure;
    return held.token;
  }

  denied(token: Secret): void {
    const held = this.#alive();
    // A token that was replaced meanwhile says nothing of the new one.
    if (held?.token !== token || this.#busy !== undefined) return;
    const sinceCheck = this.#now() - this.#checkedAt;
    // Less than nothing: the clock was set back.
    if (sinceCheck >= 0 && sinceCheck < CHECK_AGAIN_MS) return;
    this.#checkedAt = this.#now();
    void this.#begin(async () => await this.#check(held));
  }

  async close(): Promise<void> {
    this.#cancelTimer();
    this.#ending.abort();
    await this.#busy;
    for (const cancel of this.#retiring.values()) cancel();
    const held = this.#alive();
    this.#held = undefined;
    const own = [...this.#retiring.keys(), ...(held === undefined ? [] : [held.token])];
    await Promise.all(own.map(async (token) => await this.#revoke(token)));
  }

  /** Begins a task unless one is under way already, and waits for the one that is. */
  async #begin(task: () => Promise<void>): Promise<void> {
    this.#busy ??= task().finally(() => {
      this.#busy = undefined;
      this.#schedule();
    });
    await this.#busy;
  }

  #schedule(): void {
    this.#cancelTimer();
    if (this.#ending.signal.aborted) return;
    const [held, now] = [this.#alive(), this.#now()];
    const dueAt = held?.renewable === true ? held.dueAt : Math.max(held?.dueAt ?? 0, this.#pace.notBefore(now));
    if (dueAt === Infinity) return;
    this.#cancelTimer = this.#options.timers.after(Math.max(0, dueAt - now), () => {
      void this.#begin(async () => await this.#tend());
    });
  }

  /** Does what is due: renews a token that can be renewed, else logs in as soon as that may be. */
  async #tend(): Promise<void> {
    const held = this.#alive();
    if (held?.renewable === true) await this.#renew(held);
    else if (this.#now() >= this.#pace.notBefore(this.#now())) await this.#login();
  }

  async #login(): Promise<void> {
    const { cluster, api, random, logger } = this.#options;
    const sentAt = this.#now();
    this.#pace.begin(sentAt);
    try {
      const issued = await api.login({ signal: this.#ending.signal });
      const old = this.#alive();
      this.#held = holdToken(issued, sentAt, random());
      this.#count("logins");
      logger.info("logged in", { cluster });
      if (old !== undefined) this.#retire(old.token);
    } catch (error) {
      const failure = toFailure(error);
      this.#count("loginFailures");
      if (failure.message !== this.#failure.message) logger.warn("cannot log in", { cluster, why: failure.message });
      this.#failure = new FailureError(WAITING.has(failure.reason) ? failure : { ...failure, reason: "denied" });
    }
  }

  async #renew(held: HeldToken): Promise<void> {
    const { cluster, api, random, logger } = this.#options;
    const sentAt = this.#now();
    try {
      const issued = await api.renew(held.token, { signal: this.#ending.signal });
      this.#held = renewToken(held, issued, sentAt, random());
      this.#count("renewals");
    } catch (error) {
      const { reason, message } = toFailure(error);
      const never = reason === "denied" || reason === "refused";
      const dueAt = never ? sentAt : sentAt + RENEW_AGAIN_MS * (0.5 + 0.5 * random());
      this.#held = { ...held, renewable: !never, dueAt };
      this.#count("renewalFailures");
      logger.warn("cannot renew the token", { cluster, why: message });
    }
  }

  /** Finds out what a 403 meant, and logs in only when the token is no more: a policy that lacks a line is nothing a login mends. */
  async #check({ token }: HeldToken): Promise<void> {
    const { cluster, api, logger } = this.#options;
    const valid = await api.isValid(token, { signal: this.#ending.signal }).catch(() => true);
    if (valid) return;
    this.#held = undefined;
    this.#failure = noToken(cluster, "the token was revoked");
    logger.warn("the token is not valid any more", { cluster });
    await this.#tend();
  }

  #retire(token: Secret): void {
    const cancel = this.#options.timers.after(RETIRE_AFTER_MS, () => void this.#revoke(token));
    this.#retiring.set(token, cancel);
  }

  async #revoke(token: Secret): Promise<void> {
    const { cluster, api, logger } = this.#options;
    this.#retiring.delete(token);
    await api.revoke(token, { timeoutMs: REVOKE_MS }).catch((error: unknown) => {
      logger.debug("cannot revoke a token that is not needed any more", { cluster, why: toFailure(error).message });
    });
  }

  #alive(): HeldToken | undefined {
    return this.#held !== undefined && this.#now() < this.#held.expiresAt ? this.#held : undefined;
  }

  #count(what: keyof AuthStats): void {
    this.#stats = { ...this.#stats, [what]: this.#stats[what] + 1 };
  }

  #now(): Timestamp {
    return this.#options.clock.now();
  }
}

function noToken(cluster: string, why: string): FailureError {
  return new FailureError({
    reason: "denied",
    retryable: true,
    message: `cannot give a token for ${cluster}: ${why}; sealwatch logs in again by itself, within 30 s`,
  });
}
