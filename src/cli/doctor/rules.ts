import type { Rule } from "./rule.ts";
import { certificate } from "./rules/certificate.ts";
import { clock } from "./rules/clock.ts";
import { identity } from "./rules/identity.ts";
import { leader } from "./rules/leader.ts";
import { members } from "./rules/members.ts";
import { metricsAccess } from "./rules/metrics-access.ts";
import { operator } from "./rules/operator.ts";
import { permissions } from "./rules/permissions.ts";
import { reachable } from "./rules/reachable.ts";
import { sealed } from "./rules/sealed.ts";
import { telemetry } from "./rules/telemetry.ts";
import { token } from "./rules/token.ts";
import { version } from "./rules/version.ts";

/** Every rule of `sealwatch doctor`, in the order of its report; a test compares this list with the folder `rules/`. */
export const rules: readonly Rule[] = [
  reachable,
  certificate,
  sealed,
  identity,
  leader,
  members,
  clock,
  version,
  token,
  permissions,
  operator,
  metricsAccess,
  telemetry,
];
