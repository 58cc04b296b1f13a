import { randomBytes } from "node:crypto";
import type { Timestamp } from "../../lib/clock.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";

/** LoginRole is who may log in to a simulated cluster, and the token that they get. */
export type LoginRole = {
  readonly mount: "approle" | "kubernetes" | "jwt";
  /** Role id of AppRole, else the role's name. */
  readonly role: string;
  /** Secret id of AppRole, else the JWT. */
  readonly secret: string;
  readonly ttlSeconds: number;
  /** Renewals give no more than what is left of it. Default: no bound. */
  readonly maxTtlSeconds?: number;
  /** Default: true. */
  readonly renewable?: boolean;
  readonly rules: readonly PolicyRule[];
};

/** Issued is a token that a login gave, while it lives. */
export type Issued = {
  readonly token: string;
  readonly role: LoginRole;
  readonly issuedAt: Timestamp;
  ttlSeconds: number;
  expiresAt: Timestamp;
};

/** Logins knows who may log in, and the tokens that they got. */
export type Logins = {
  /** Lets a role log in, in place of the one of this mount and name. */
  readonly allow: (role: LoginRole) => void;
  /** Gives a token, or undefined when the role or its secret is wrong. */
  readonly logIn: (mount: string, role: unknown, secret: unknown, now: Timestamp) => Issued | undefined;
  /** Gives the token a new life, as long as its role allows; undefined when it is not one of a login. */
  readonly renew: (token: string | undefined, now: Timestamp) => Issued | undefined;
  readonly revoke: (token: string | undefined) => void;
  /** Takes away what has expired. */
  readonly expire: (now: Timestamp) => void;
  /** The tokens that live, oldest first. */
  readonly living: () => readonly string[];
};

/** What logging in changes: what a token may do, or that it is no more. */
export type Grants = {
  readonly grant: (token: string, rules: readonly PolicyRule[]) => void;
  readonly withdraw: (token: string) => void;
};

/** Creates the logins of a cluster that nobody may log in to yet. */
export function createLogins({ grant, withdraw }: Grants): Logins {
  const roles: LoginRole[] = [];
  const living = new Map<string, Issued>();
  const revoke = (token: string | undefined): void => {
    if (token !== undefined && living.delete(token)) withdraw(token);
  };
  return {
    allow: (role) => {
      const index = roles.findIndex((each) => each.mount === role.mount && each.role === role.role);
      roles.splice(index === -1 ? roles.length : index, 1, role);
    },
    logIn: (mount, name, secret, now) => {
      const role = roles.find((each) => each.mount === mount && each.role === name && each.secret === secret);
      if (role === undefined) return undefined;
      const token = `s.${randomBytes(18).toString("hex")}`;
      const issued = { token, role, issuedAt: now, ttlSeconds: 0, expiresAt: 0 };
      living.set(token, issued);
      grant(token, role.rules);
      return prolong(issued, now);
    },
    renew: (token, now) => {
      const issued = living.get(token ?? "");
      return issued === undefined ? undefined : prolong(issued, now);
    },
    revoke,
    expire: (now) => {
      for (const { token, expiresAt } of living.values()) if (now >= expiresAt) revoke(token);
    },
    living: () => [...living.keys()],
  };
}

function prolong(issued: Issued, now: Timestamp): Issued {
  const { ttlSeconds, maxTtlSeconds = Infinity } = issued.role;
  const left = maxTtlSeconds - (now - issued.issuedAt) / 1000;
  issued.ttlSeconds = Math.max(0, Math.floor(Math.min(ttlSeconds, left)));
  issued.expiresAt = now + issued.ttlSeconds * 1000;
  return issued;
}
