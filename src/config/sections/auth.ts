import { z } from "zod";
import { SecretSource } from "./secret.ts";

/** The service account's token that Kubernetes mounts into every pod. */
const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

const mount = (name: string) =>
  z.string().min(1).default(name).describe("Where the auth method is mounted, without `auth/`.");

const namespace = z.string().min(1).optional().describe("Namespace of the auth method; default: the cluster's.");

/** Auth is how sealwatch logs in to a cluster by itself; it renews the token and logs in again when it was revoked. */
export const Auth = z.discriminatedUnion("method", [
  z.strictObject({
    method: z.literal("approle"),
    mount: mount("approle"),
    namespace,
    roleId: z.string().min(1).describe("Id of the role; it is not a secret."),
    secretId: SecretSource.describe("Secret id of the role."),
  }),
  z.strictObject({
    method: z.literal("kubernetes"),
    mount: mount("kubernetes"),
    namespace,
    role: z.string().min(1).describe("Role of the auth method."),
    jwtFile: z.string().min(1).default(SERVICE_ACCOUNT_TOKEN).describe("File of the service account's token."),
  }),
  z.strictObject({
    method: z.literal("jwt"),
    mount: mount("jwt"),
    namespace,
    role: z.string().min(1).describe("Role of the auth method."),
    jwt: SecretSource.describe("The JWT, for instance a projected service account token."),
  }),
]);
export type Auth = z.infer<typeof Auth>;
