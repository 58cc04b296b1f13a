import { DatabaseError } from "pg";
import { FailureError, type FailureReason } from "../../lib/failure.ts";

/** What a failed statement was about. */
export type Attempted = { readonly what: string; readonly where: string };

type Explanation = {
  readonly codes: readonly string[];
  readonly reason: FailureReason;
  readonly retryable: boolean;
  readonly why: string;
  readonly advice: string;
};

/** SQLSTATEs (appendix A of PostgreSQL's manual) and Node's codes that a person can do something about. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    codes: ["ECONNREFUSED"],
    reason: "unreachable",
    retryable: true,
    why: "nothing listens there (connection refused)",
    advice: "check that the server runs, and store.postgres.host and port",
  },
  {
    codes: ["ENOTFOUND", "EAI_AGAIN"],
    reason: "unreachable",
    retryable: true,
    why: "the host's name does not resolve",
    advice: "check store.postgres.host and the DNS",
  },
  {
    codes: ["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"],
    reason: "unreachable",
    retryable: true,
    why: "there is no way to the host",
    advice: "check the network and its policies",
  },
  {
    codes: ["28P01"],
    reason: "denied",
    retryable: false,
    why: "the password is wrong, or there is no such user",
    advice: "check store.postgres.user and password",
  },
  {
    codes: ["28000"],
    reason: "denied",
    retryable: false,
    why: "the server lets nobody in this way",
    advice: "look for a line for this user, database and address in its pg_hba.conf, and check store.postgres.tls",
  },
  {
    codes: ["3D000"],
    reason: "not-found",
    retryable: false,
    why: "there is no such database",
    advice: "create it, or correct store.postgres.database",
  },
  {
    codes: ["42501"],
    reason: "denied",
    retryable: false,
    why: "this user may not do that",
    advice: "let it own the schema: CREATE SCHEMA sealwatch AUTHORIZATION <the user>",
  },
  {
    codes: ["53300"],
    reason: "rate-limited",
    retryable: true,
    why: "the server has no connection left",
    advice: "raise its max_connections; every instance needs 6",
  },
  {
    codes: ["25006"],
    reason: "standby",
    retryable: true,
    why: "this server is a standby, which cannot be written to",
    advice: "point store.postgres.host at the primary",
  },
  {
    codes: ["57P01", "57P02", "57P03"],
    reason: "unreachable",
    retryable: true,
    why: "the server is shutting down or starting up",
    advice: "wait until it is up",
  },
  {
    codes: ["57014", "55P03"],
    reason: "timeout",
    retryable: true,
    why: "it took too long",
    advice: "look for locks and load in the database (pg_stat_activity)",
  },
  {
    codes: ["53100"],
    reason: "server-error",
    retryable: true,
    why: "the server's disk is full",
    advice: "make room there",
  },
  {
    codes: ["XX001", "XX002"],
    reason: "invalid-answer",
    retryable: false,
    why: "the database is damaged",
    advice: "restore it from its backup",
  },
  {
    codes: ["ERR_TLS_CERT_ALTNAME_INVALID"],
    reason: "denied",
    retryable: false,
    why: "the server's certificate has another name",
    advice: "set store.postgres.tls.serverName to a name that is in it",
  },
  {
    codes: [
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    ],
    reason: "denied",
    retryable: false,
    why: "the server's certificate is from an unknown authority",
    advice: "set store.postgres.tls.caFile to the authority's certificate",
  },
  {
    codes: ["CERT_HAS_EXPIRED"],
    reason: "denied",
    retryable: false,
    why: "the server's certificate has expired",
    advice: "renew it",
  },
];

/** Turns what pg threw into a `FailureError` that names the host and the database, and never the password. */
export function postgresFailure({ what, where }: Attempted, error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  const code = codeOf(error);
  const explained = EXPLANATIONS.find(({ codes }) => codes.includes(code ?? ""));
  const { reason, retryable, why, advice } = explained ?? unexplained(error);
  const suffix = code === undefined ? "" : ` (${code})`;
  const message = `cannot ${what} in ${where}: ${why}${suffix}; ${advice}`;
  return new FailureError({ reason, retryable, message }, { cause: error });
}

/** SQLSTATE of a server's answer, or the code of a broken connection; undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" ? code : undefined;
}

/** What the server itself says is an answer; all else is a connection that broke, or never came about. */
function unexplained(error: unknown): Omit<Explanation, "codes"> {
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof DatabaseError)
    return {
      reason: "server-error",
      retryable: false,
      why,
      advice: "look the code up in PostgreSQL's manual, appendix A",
    };
  return { reason: "unreachable", retryable: true, why, advice: "check the server, the network, and store.postgres" };
}
