import { z } from "zod";
import { SecretSource } from "./secret.ts";

/** The SQLite file of a store that names nothing else. */
export const DEFAULT_STORE_PATH = "sealwatch.db";

/** PostgresTls says how the database's certificate is checked. The modes are those of libpq's `sslmode`; the default is the strictest. */
const PostgresTls = z.strictObject({
  mode: z
    .enum(["disable", "require", "verify-ca", "verify-full"])
    .default("verify-full")
    .describe(
      "`verify-full` checks authority and name, `verify-ca` the authority alone, `require` encrypts and checks nothing, `disable` is plain text.",
    ),
  caFile: z.string().min(1).optional().describe("PEM file of the certificate authority; default: the system's."),
  certFile: z.string().min(1).optional().describe("PEM file of our client certificate."),
  keyFile: z.string().min(1).optional().describe("PEM file of its key."),
  serverName: z.string().min(1).optional().describe("Name to expect in the server's certificate instead of its host."),
});

/** Postgres is the database that several replicas share. */
export const Postgres = z.strictObject({
  host: z.string().min(1).describe("Name or address of the primary, or of what leads to it; no pooler in between."),
  port: z.int().min(1).max(65_535).default(5432).describe("Its port."),
  database: z
    .string()
    .min(1)
    .default("sealwatch")
    .describe("Database, in UTF8; the tables are in its schema `sealwatch`."),
  user: z.string().min(1).default("sealwatch").describe("Role; it owns the schema, or may create it."),
  password: SecretSource.describe("Its password; a file is read again at every new connection."),
  tls: PostgresTls.prefault({}),
});
export type Postgres = z.infer<typeof Postgres>;

/** Store is where runs, alerts and messages are kept: one file for one instance, or one database for several. */
export const Store = z.strictObject({
  path: z
    .string()
    .min(1)
    .optional()
    .describe(`SQLite file of runs, alerts and messages; default: ${DEFAULT_STORE_PATH}.`),
  postgres: Postgres.optional().describe("PostgreSQL instead of the file: several instances share it."),
});
export type StoreConfig = z.infer<typeof Store>;
