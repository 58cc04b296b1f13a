import { createHash } from "node:crypto";
import type { Capability, PolicyRule } from "../../lib/vault-policy.ts";
import { createLogins } from "./logins.ts";
import type { Logins } from "./logins.ts";

/** What every token may do (Vault's `default` policy, as far as this server goes). */
const DEFAULT_POLICY: readonly PolicyRule[] = [
  { path: "auth/token/lookup-self", capabilities: ["read"] },
  { path: "auth/token/renew-self", capabilities: ["update"] },
  { path: "auth/token/revoke-self", capabilities: ["update"] },
  { path: "sys/capabilities-self", capabilities: ["update"] },
];

/** TokenAccess knows the tokens of a simulated cluster and what each may do. */
export type TokenAccess = {
  /** Gives a token its rules, in place of those it had. */
  readonly grant: (token: string, rules: readonly PolicyRule[]) => void;
  /** The capabilities on a path: `["deny"]` when it has none, `["root"]` for the root token, undefined for an unknown token. */
  readonly capabilities: (token: string | undefined, path: string) => readonly string[] | undefined;
  readonly allows: (token: string | undefined, path: string, needed: readonly Capability[]) => boolean;
  /** Names a token without being it: always the same, and nobody gets the token back from it. */
  readonly accessorOf: (token: string) => string;
  /** The accessors of all living tokens. */
  readonly accessors: () => readonly string[];
  /** The living token of an accessor. */
  readonly tokenOf: (accessor: string) => string | undefined;
  /** Ends a token; not the root token's. */
  readonly withdraw: (token: string) => void;
  /** Who may log in for a token of their own. */
  readonly logins: Logins;
};

/** Creates the tokens of a cluster, with the root token alone. */
export function createTokenAccess(rootToken: string): TokenAccess {
  const granted = new Map<string, readonly PolicyRule[]>();
  const capabilities = (token: string | undefined, path: string): readonly string[] | undefined => {
    if (token === rootToken) return ["root"];
    const rules = token === undefined ? undefined : granted.get(token);
    if (rules === undefined) return undefined;
    const rule = mostSpecific([...rules, ...DEFAULT_POLICY], path);
    return rule === undefined || rule.capabilities.length === 0 ? ["deny"] : rule.capabilities;
  };
  const grant = (token: string, rules: readonly PolicyRule[]): void => void granted.set(token, rules);
  const logins = createLogins({ grant, withdraw: (token) => void granted.delete(token) });
  return {
    grant,
    accessorOf,
    accessors: () => [rootToken, ...granted.keys()].map(accessorOf),
    tokenOf: (accessor) => [rootToken, ...granted.keys()].find((token) => accessorOf(token) === accessor),
    withdraw: (token) => {
      logins.revoke(token);
      granted.delete(token);
    },
    logins,
    capabilities,
    allows: (token, path, needed) => {
      const held = capabilities(token, path);
      return held !== undefined && (held[0] === "root" || needed.every((capability) => held.includes(capability)));
    },
  };
}

/** Gives the accessor of a token of any simulated cluster. */
export function accessorOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 24);
}

/** An exact path wins, else the longest pattern (`+` is one segment, a trailing `*` is any rest). */
function mostSpecific(rules: readonly PolicyRule[], path: string): PolicyRule | undefined {
  const exact = rules.find((rule) => rule.path === path);
  if (exact !== undefined) return exact;
  const [longest] = rules
    .filter((rule) => patternOf(rule.path).test(path))
    .sort((left, right) => right.path.length - left.path.length);
  return longest;
}

function patternOf(rulePath: string): RegExp {
  const escaped = rulePath.replaceAll(/[.?^${}()|[\]\\]/gu, "\\$&").replaceAll("+", "[^/]+");
  return new RegExp(`^${escaped.replace(/\*$/u, ".*")}$`, "u");
}
