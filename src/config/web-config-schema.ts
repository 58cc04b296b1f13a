import { z } from "zod";
import { Duration } from "../runbook/schema.ts";
import { CIPHER_SUITES, CLIENT_AUTH, CURVES, TLS_VERSIONS } from "./go-tls-names.ts";

/** Above this, one login would keep the program from its work for seconds: bcrypt doubles its work with each. */
const MAX_COST = 14;

const BCRYPT = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/u;

/** A custom check, because its message does not repeat the value: somebody will write the password itself. */
const PasswordHash = z
  .string()
  .refine((text) => BCRYPT.test(text), 'it is no bcrypt hash; make one with htpasswd -nBC 10 ""')
  .refine((text) => Number(BCRYPT.exec(text)?.groups?.["cost"] ?? 0) <= MAX_COST, {
    error: `its cost is above ${MAX_COST}, and sealwatch would stand still for seconds; take 10 or 12`,
  });

const inFile = (key: string) =>
  z
    .unknown()
    .optional()
    .refine((value) => value === undefined, `put it into a file and name that with ${key}`);

const keysOf = <T extends Readonly<Record<string, string>>>(names: T) =>
  z.enum(Object.keys(names) as [keyof T & string, ...(keyof T & string)[]]);

const TlsServer = z.strictObject({
  cert: inFile("cert_file"),
  key: inFile("key_file"),
  client_ca: inFile("client_ca_file"),
  cert_file: z.string().min(1).optional(),
  key_file: z.string().min(1).optional(),
  client_auth_type: keysOf(CLIENT_AUTH).default("NoClientCert"),
  client_ca_file: z.string().min(1).optional(),
  client_allowed_sans: z.array(z.string().min(1)).min(1).optional(),
  min_version: keysOf(TLS_VERSIONS).default("TLS12"),
  max_version: keysOf(TLS_VERSIONS).default("TLS13"),
  cipher_suites: z.array(keysOf(CIPHER_SUITES)).default([]),
  curve_preferences: z.array(keysOf(CURVES)).default([]),
  prefer_server_cipher_suites: z.boolean().default(true),
});

const headerText = z.string().regex(/^[\t\u0020-\u007E]*$/u, "one line of plain text");

const HttpServer = z.strictObject({
  http2: z.boolean().optional(),
  headers: z
    .strictObject({
      "Content-Security-Policy": headerText.optional(),
      "Strict-Transport-Security": headerText.optional(),
      "X-Content-Type-Options": z.enum(["nosniff", ""]).optional(),
      "X-Frame-Options": z.enum(["deny", "sameorigin", ""]).optional(),
      "X-XSS-Protection": headerText.optional(),
    })
    .prefault({}),
});

/** A record leaves `__proto__` out without a word, and a file whose only user has that name would let everybody in. */
const BasicAuthUsers = z
  .unknown()
  .refine(
    (users) => !isMap(users) || !Object.hasOwn(users, "__proto__"),
    "no user can be called __proto__; take another name",
  )
  .pipe(z.record(z.string().regex(/^[^:]+$/u, "a name without a colon"), PasswordHash))
  .default({});

function isMap(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** WebConfigFile is the web configuration file of Prometheus' exporter-toolkit, as far as Node can do what it says. */
export const WebConfigFile = z.strictObject({
  tls_server_config: TlsServer.optional(),
  http_server_config: HttpServer.prefault({}),
  basic_auth_users: BasicAuthUsers,
  rate_limit: z
    .strictObject({ interval: z.union([z.literal(0), Duration]).default(0), burst: z.int().min(0).default(0) })
    .refine(
      ({ interval, burst }) => interval === 0 || burst > 0,
      "a burst of 0 would refuse every request; write at least 1",
    )
    .prefault({}),
});
export type WebConfigFile = z.infer<typeof WebConfigFile>;
export type TlsServerConfig = z.infer<typeof TlsServer>;
