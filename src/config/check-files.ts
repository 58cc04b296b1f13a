import type { DocumentPath } from "../document/positions.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { FailureError } from "../lib/failure.ts";
import type { ConfigProblem } from "./problem.ts";
import type { ConfigReaders } from "./readers.ts";
import type { ClusterConfig, Config } from "./schema.ts";
import type { SecretSource } from "./sections/secret.ts";
import { readSecret } from "./secret-source.ts";

type World = { readonly env: Readonly<Record<string, string | undefined>>; readonly readers: ConfigReaders };
type TlsFiles = Pick<ClusterConfig["tls"], "caFile" | "certFile" | "keyFile">;
type Named<T> = { readonly path: DocumentPath; readonly value: T | undefined; readonly severity: "error" | "warning" };

/**
 * Looks whether the files and variables that the configuration names are there. What the program cannot work without is an error.
 * A cluster's token is a warning, because a sidecar that takes it from Vault cannot write it while Vault is sealed, and then sealwatch
 * is needed most; where backups land too, because a directory may be mounted and keys be written later, and its absence is a metric;
 * and so are programs and the directory of investigations, which some runbooks alone need.
 */
export async function checkFiles(config: Config, world: World): Promise<readonly ConfigProblem[]> {
  const found = await Promise.all([
    ...secretsOf(config).map(async (named) => await checkSecret(named, world)),
    ...[...tlsFilesOf(config), ...authoritiesOf(config)].map(async (named) => await checkTlsFile(named, world)),
    ...directoriesOf(config).map(async (named) => await checkDirectory(named, world)),
    ...programsOf(config).map(async (named) => await checkProgram(named, world)),
  ]);
  return found.flat();
}

function secretsOf({ clusters, store, slack, prometheus, alertmanager }: Config): readonly Named<SecretSource>[] {
  return [
    ...clusters.flatMap(({ token, auth, operatorToken, operator }, index): Named<SecretSource>[] => [
      { path: ["clusters", index, "token"], value: token, severity: "warning" },
      { path: ["clusters", index, "operatorToken"], value: operatorToken, severity: "warning" },
      ...secretsOfAuth(auth, ["clusters", index, "auth"]),
      ...secretsOfAuth(operator?.auth, ["clusters", index, "operator", "auth"]),
    ]),
    ...s3SecretsOf(clusters),
    { path: ["store", "postgres", "password"], value: store.postgres?.password, severity: "error" },
    { path: ["prometheus", "token"], value: prometheus?.token, severity: "warning" },
    { path: ["slack", "appToken"], value: slack?.appToken, severity: "error" },
    { path: ["slack", "signingSecret"], value: slack?.signingSecret, severity: "error" },
    { path: ["slack", "botToken"], value: slack?.botToken, severity: "error" },
    { path: ["slack", "deletionToken"], value: slack?.deletionToken, severity: "error" },
    { path: ["alertmanager", "token"], value: alertmanager?.token, severity: "error" },
  ];
}

/** A warning as for tokens: the kubelet or an agent may write them later, and they are read at each login. */
function secretsOfAuth(auth: ClusterConfig["auth"], path: DocumentPath): readonly Named<SecretSource>[] {
  switch (auth?.method) {
    case undefined:
      return [];
    case "approle":
      return [{ path: [...path, "secretId"], value: auth.secretId, severity: "warning" }];
    case "kubernetes":
      return [{ path: [...path, "jwtFile"], value: { file: auth.jwtFile }, severity: "warning" }];
    case "jwt":
      return [{ path: [...path, "jwt"], value: auth.jwt, severity: "warning" }];
    default:
      return exhaustive(auth);
  }
}

/** A bucket is like a directory: that it cannot be listed yet is a metric. */
function s3SecretsOf(clusters: Config["clusters"]): readonly Named<SecretSource>[] {
  return clusters.flatMap(({ backups }, index) =>
    backups.flatMap(({ s3 }, at) =>
      (["accessKeyId", "secretAccessKey"] as const).map((key): Named<SecretSource> => ({
        path: ["clusters", index, "backups", at, "s3", key],
        value: s3?.[key],
        severity: "warning",
      })),
    ),
  );
}

function tlsFilesOf({ clusters, store }: Config): readonly Named<string>[] {
  const all: readonly { readonly path: DocumentPath; readonly tls: TlsFiles | undefined }[] = [
    ...clusters.map(({ tls }, index) => ({ path: ["clusters", index, "tls"], tls })),
    { path: ["store", "postgres", "tls"], tls: store.postgres?.tls },
  ];
  return all.flatMap(({ path, tls }) =>
    (["caFile", "certFile", "keyFile"] as const).map((key): Named<string> => ({
      path: [...path, key],
      value: tls?.[key],
      severity: "error",
    })),
  );
}

/** Only some checks of runbooks and ID tokens need them, and they are read at every call: a warning. */
function authoritiesOf({ prometheus, probes, access }: Config): readonly Named<string>[] {
  return [
    { path: ["prometheus", "caFile"], value: prometheus?.caFile, severity: "warning" },
    { path: ["access", "oidc", "caFile"], value: access.oidc?.caFile, severity: "warning" },
    ...probes.map(({ caFile }, index): Named<string> => ({
      path: ["probes", index, "caFile"],
      value: caFile,
      severity: "warning",
    })),
  ];
}

function directoriesOf({ clusters, exec, investigations }: Config): readonly Named<string>[] {
  const backups = clusters.flatMap((cluster, index) =>
    cluster.backups.map(({ directory }, at) => ({
      path: ["clusters", index, "backups", at, "directory"],
      value: directory,
    })),
  );
  return [
    ...backups,
    ...exec.map(({ directory }, index) => ({ path: ["exec", index, "directory"], value: directory })),
    { path: ["investigations", "directory"], value: investigations?.directory },
  ].map((place) => ({ ...place, severity: "warning" }));
}

/** They are looked for again before anybody is asked to approve: an image or a volume may bring them later. */
function programsOf({ exec }: Config): readonly Named<string>[] {
  return exec.flatMap(({ argv, verify }, index): Named<string>[] => [
    { path: ["exec", index, "argv", 0], value: argv[0], severity: "warning" },
    { path: ["exec", index, "verify", "argv", 0], value: verify?.argv[0], severity: "warning" },
  ]);
}

async function checkSecret(
  { path, value, severity }: Named<SecretSource>,
  world: World,
): Promise<readonly ConfigProblem[]> {
  if (value === undefined) return [];
  try {
    await readSecret(value, world);
    return [];
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return [{ path, rule: "unreadable-secret", severity, message: error.message }];
  }
}

async function checkTlsFile(
  { path, value, severity }: Named<string>,
  { readers }: World,
): Promise<readonly ConfigProblem[]> {
  if (value === undefined) return [];
  const text = await readers.readText(value).catch(() => undefined);
  if (text === undefined)
    return [{ path, rule: "unreadable-file", severity, message: `the file ${value} cannot be read` }];
  if (text.includes("-----BEGIN ")) return [];
  return [{ path, rule: "unreadable-file", severity, message: `the file ${value} is not PEM` }];
}

async function checkDirectory(
  { path, value, severity }: Named<string>,
  { readers }: World,
): Promise<readonly ConfigProblem[]> {
  if (value === undefined || (await readers.isDirectory(value))) return [];
  return [{ path, rule: "missing-directory", severity, message: `the directory ${value} is not there` }];
}

async function checkProgram(
  { path, value, severity }: Named<string>,
  { readers }: World,
): Promise<readonly ConfigProblem[]> {
  if (value === undefined || (await readers.isProgram(value))) return [];
  return [
    {
      path,
      rule: "missing-program",
      severity,
      message: `the program ${value} is not there, or may not be run by this user`,
    },
  ];
}
