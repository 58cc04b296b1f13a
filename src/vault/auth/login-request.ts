import type { Auth } from "../../config/sections/auth.ts";
import type { SecretSource } from "../../config/sections/secret.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import type { Json } from "../../lib/json.ts";
import type { Secret } from "../../lib/secret.ts";

/** ReadSecret reads a secret now, from its file or variable: an agent or the kubelet may have replaced it since the last login. */
export type ReadSecret = (source: SecretSource) => Promise<Secret>;

/** LoginRequest is where to log in and with what; the body is secret. */
export type LoginRequest = { readonly path: string; readonly body: Json };

/** Makes the login of an auth method (`POST auth/<mount>/login`), reading its secret. Throws what `readSecret` throws. */
export async function loginRequest(auth: Auth, readSecret: ReadSecret): Promise<LoginRequest> {
  return { path: loginPath(auth), body: await bodyOf(auth, readSecret) };
}

/** Names the path of an auth method's login, below `/v1/`. */
export function loginPath({ mount }: Pick<Auth, "mount">): string {
  return `auth/${mount.replaceAll(/^\/+|\/+$/gu, "")}/login`;
}

async function bodyOf(auth: Auth, readSecret: ReadSecret): Promise<Json> {
  switch (auth.method) {
    case "approle":
      return { role_id: auth.roleId, secret_id: (await readSecret(auth.secretId)).reveal() };
    case "kubernetes":
      return { role: auth.role, jwt: (await readSecret({ file: auth.jwtFile })).reveal() };
    case "jwt":
      return { role: auth.role, jwt: (await readSecret(auth.jwt)).reveal() };
    default:
      return exhaustive(auth);
  }
}
