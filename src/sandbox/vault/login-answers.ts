import { NO_CONTENT, errors, raw } from "./answers.ts";
import type { SimulatedAnswer } from "./answers.ts";
import type { Issued } from "./logins.ts";
import type { RouteContext } from "./route.ts";

/** What a request names the role and its secret, by mount; and how OpenBao refuses a wrong one. */
const METHODS = {
  approle: { role: "role_id", secret: "secret_id", refusal: errors(400, "invalid role or secret ID") },
  kubernetes: { role: "role", secret: "jwt", refusal: errors(403, "permission denied") },
  jwt: {
    role: "role",
    secret: "jwt",
    refusal: errors(
      400,
      "error validating token: error verifying token signature: no known key successfully validated",
    ),
  },
} as const;

/** Answers `POST auth/<mount>/login` of a mount that every simulated cluster has. */
export function loginAnswer(mount: keyof typeof METHODS, { access, body, now }: RouteContext): SimulatedAnswer {
  const { role, secret, refusal } = METHODS[mount];
  const issued = access.logins.logIn(mount, body[role], body[secret], now);
  return issued === undefined ? refusal : authAnswer(issued);
}

/** Answers `POST auth/token/renew-self`. */
export function renewSelfAnswer({ access, token, now }: RouteContext): SimulatedAnswer {
  const issued = access.logins.renew(token, now);
  if (issued === undefined || issued.role.renewable === false) return errors(400, "lease is not renewable");
  return authAnswer(issued);
}

/** Answers `POST auth/token/revoke-self`. */
export function revokeSelfAnswer({ access, token }: RouteContext): SimulatedAnswer {
  access.logins.revoke(token);
  return NO_CONTENT;
}

function authAnswer({ token, role, ttlSeconds }: Issued): SimulatedAnswer {
  return raw({
    auth: { client_token: token, lease_duration: ttlSeconds, renewable: role.renewable ?? true, token_type: "service" },
  });
}
