import path from "node:path";
import { createSecureContext } from "node:tls";
import type { Loading } from "../document/last-good.ts";
import type { DocumentPath, Positions } from "../document/positions.ts";
import { readDocument, sortFindings } from "../document/read-document.ts";
import { errorCode, unreadableFile } from "../document/unreadable.ts";
import type { Finding } from "../lib/finding.ts";
import { Secret } from "../lib/secret.ts";
import { CIPHER_SUITES, CLIENT_AUTH, CURVES, TLS13_SUITES, TLS_VERSIONS } from "./go-tls-names.ts";
import { diskReaders, type ConfigReaders } from "./readers.ts";
import { WebConfigFile, type TlsServerConfig } from "./web-config-schema.ts";

/** How our own TLS server behaves, in Node's words. */
export type WebTls = {
  readonly certificate: string;
  readonly key: Secret;
  readonly clientAuth: (typeof CLIENT_AUTH)[keyof typeof CLIENT_AUTH];
  readonly clientCa: string | undefined;
  /** When given, a client's certificate must have one of them. */
  readonly allowedSans: readonly string[] | undefined;
  readonly minVersion: (typeof TLS_VERSIONS)[keyof typeof TLS_VERSIONS];
  readonly maxVersion: (typeof TLS_VERSIONS)[keyof typeof TLS_VERSIONS];
  readonly ciphers: string | undefined;
  readonly curves: string | undefined;
  readonly preferOurCiphers: boolean;
};

/** WebConfig is how our own HTTP server is protected. */
export type WebConfig = {
  readonly tls: WebTls | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user; nobody has to log in when there are none. */
  readonly users: ReadonlyMap<string, Secret>;
  readonly rateLimit: { readonly intervalMs: number; readonly burst: number } | undefined;
  /** Whether the file asks for HTTP/2, which is not spoken: clients get HTTP/1.1. */
  readonly asksForHttp2: boolean;
  /** Everything that it was read from. */
  readonly files: readonly string[];
};

type Problem = { readonly path: DocumentPath; readonly message: string };
type Pem = { readonly key: "cert_file" | "key_file" | "client_ca_file"; readonly file: string; readonly text: string };

/** Loads a web configuration file and the certificates that it names, beside it unless their paths are absolute. Never throws. */
export async function loadWebConfig(file: string, readers: ConfigReaders = diskReaders): Promise<Loading<WebConfig>> {
  const text = await readers.readText(file).catch((error: unknown) => error);
  if (typeof text !== "string") return { ok: false, findings: [unreadableFile(file, text)] };
  const reading = readDocument({ file, text, schema: WebConfigFile });
  if (!reading.ok) return reading;
  const { tls_server_config: tls } = reading.value;
  const checked = tls === undefined ? undefined : await checkTls(tls, path.dirname(file), readers);
  if (checked !== undefined && checked.problems.length > 0)
    return { ok: false, findings: findingsOf(file, reading.positions, checked.problems) };
  return { ok: true, value: toWebConfig(file, reading.value, checked?.pems ?? []) };
}

function toWebConfig(file: string, written: WebConfigFile, pems: readonly Pem[]): WebConfig {
  const { tls_server_config: tls, http_server_config: http, basic_auth_users: users, rate_limit: limit } = written;
  return {
    tls: tls === undefined ? undefined : toWebTls(tls, pems),
    headers: Object.fromEntries(
      Object.entries(http.headers).flatMap(([name, value]) =>
        value === undefined || value === "" ? [] : [[name, value]],
      ),
    ),
    users: new Map(Object.entries(users).map(([user, hash]) => [user, new Secret(hash)])),
    rateLimit: limit.interval === 0 ? undefined : { intervalMs: limit.interval, burst: limit.burst },
    asksForHttp2: tls !== undefined && http.http2 === true,
    files: [file, ...pems.map((pem) => pem.file)],
  };
}

function toWebTls(tls: TlsServerConfig, pems: readonly Pem[]): WebTls {
  const textOf = (key: Pem["key"]): string | undefined => pems.find((pem) => pem.key === key)?.text;
  const suites = tls.cipher_suites.map((name) => CIPHER_SUITES[name]);
  return {
    certificate: textOf("cert_file") ?? "",
    key: new Secret(textOf("key_file") ?? ""),
    clientAuth: CLIENT_AUTH[tls.client_auth_type],
    clientCa: textOf("client_ca_file"),
    allowedSans: tls.client_allowed_sans,
    minVersion: TLS_VERSIONS[tls.min_version],
    maxVersion: TLS_VERSIONS[tls.max_version],
    ciphers: suites.length === 0 ? undefined : [...new Set([...TLS13_SUITES, ...suites])].join(":"),
    curves:
      tls.curve_preferences.length === 0 ? undefined : tls.curve_preferences.map((name) => CURVES[name]).join(":"),
    preferOurCiphers: tls.prefer_server_cipher_suites,
  };
}

type CheckedTls = { readonly problems: readonly Problem[]; readonly pems: readonly Pem[] };

async function checkTls(tls: TlsServerConfig, directory: string, readers: ConfigReaders): Promise<CheckedTls> {
  const problems = checkChoices(tls);
  if (problems.length > 0) return { problems, pems: [] };
  const named = (["cert_file", "key_file", "client_ca_file"] as const).flatMap((key) => {
    const file = tls[key];
    return file === undefined ? [] : [{ key, file: path.resolve(directory, file) }];
  });
  const read = await Promise.all(named.map(async (each) => await readPem(each, readers)));
  const unreadable = read.flatMap((each) => ("message" in each ? [each] : []));
  const pems = read.flatMap((each) => ("text" in each ? [each] : []));
  return { problems: unreadable.length > 0 ? unreadable : checkPems(pems), pems };
}

/** What the form allows and nobody can mean. */
function checkChoices(tls: TlsServerConfig): readonly Problem[] {
  const auth = CLIENT_AUTH[tls.client_auth_type];
  const verifies = auth === "verify-if-given" || auth === "require-and-verify";
  const requires = auth === "require" || auth === "require-and-verify";
  const rules: readonly [boolean, keyof TlsServerConfig | undefined, string][] = [
    [tls.cert_file === undefined, undefined, "TLS needs a certificate; name it with cert_file"],
    [tls.key_file === undefined, undefined, "TLS needs the certificate's key; name it with key_file"],
    [
      verifies && tls.client_ca_file === undefined,
      "client_auth_type",
      "without client_ca_file, whoever has a certificate of any public authority would be let in; name the authority",
    ],
    [
      auth === "none" && tls.client_ca_file !== undefined,
      "client_ca_file",
      "no client is asked for a certificate; set client_auth_type to RequireAndVerifyClientCert, or take this out",
    ],
    [
      tls.client_allowed_sans !== undefined && !requires,
      "client_allowed_sans",
      "it needs client_auth_type RequireAndVerifyClientCert or RequireAnyClientCert; others let clients without a certificate in",
    ],
    [TLS_VERSIONS[tls.min_version] > TLS_VERSIONS[tls.max_version], "min_version", "it is above max_version"],
  ];
  return rules.flatMap(([broken, key, message]) =>
    broken ? [{ path: ["tls_server_config", ...(key === undefined ? [] : [key])], message }] : [],
  );
}

async function readPem(named: Omit<Pem, "text">, { readText }: ConfigReaders): Promise<Pem | Problem> {
  const at = ["tls_server_config", named.key];
  try {
    const text = await readText(named.file);
    return text.includes("-----BEGIN ")
      ? { ...named, text }
      : { path: at, message: `the file ${named.file} is not PEM` };
  } catch (error) {
    return { path: at, message: `the file ${named.file} cannot be read (${errorCode(error) ?? "unknown error"})` };
  }
}

/** OpenSSL is the judge: whether each can be parsed, and whether the key is the certificate's. */
function checkPems(pems: readonly Pem[]): readonly Problem[] {
  const textOf = (key: Pem["key"]): string | undefined => pems.find((pem) => pem.key === key)?.text;
  const [cert, key, ca] = [textOf("cert_file"), textOf("key_file"), textOf("client_ca_file")];
  const attempts: readonly [Pem["key"], string, Parameters<typeof createSecureContext>[0]][] = [
    ["cert_file", "it is no certificate that can be read", { cert }],
    ["key_file", "it is no key that can be read without a passphrase, or not the certificate's", { cert, key }],
    ["client_ca_file", "it is no certificate that can be read", { ca }],
  ];
  for (const [name, why, options] of attempts) {
    try {
      createSecureContext(options);
    } catch {
      // What OpenSSL says of a key is nothing that people could use.
      return [{ path: ["tls_server_config", name], message: why }];
    }
  }
  return [];
}

function findingsOf(file: string, positions: Positions, problems: readonly Problem[]): readonly Finding[] {
  return sortFindings(
    problems.map(({ path: at, message }) => ({ file, ...positions.at(at), rule: "web-config", message })),
  );
}
