import { webApi } from "@slack/bolt";
import { z } from "zod";
import type { SlackAccountKind, SlackDirectory } from "../access/slack-directory.ts";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import type { Logger } from "../lib/logger.ts";
import { onceItWorks } from "../lib/once-it-works.ts";
import type { Secret } from "../lib/secret.ts";
import { boltLogger } from "./bolt-logger.ts";
import { sortSlackError } from "./slack-error.ts";

/** What reading from Slack who belongs where needs: the scopes `usergroups:read` and `users:read`. */
export type SlackDirectoryOptions = {
  readonly botToken: Secret;
  readonly apiUrl: string;
  readonly logger: Logger;
  /** For each call, in milliseconds; default: 2,000, for somebody waits for their click. */
  readonly timeoutMs?: number;
};

/** Makes a directory over the Web API. A plan without user groups is said once in the log, and then each time to whoever asks. */
export function createSlackDirectory({
  botToken,
  apiUrl,
  logger,
  timeoutMs = 2000,
}: SlackDirectoryOptions): SlackDirectory {
  const client = new webApi.WebClient(botToken.reveal(), {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLogger(logger),
  });
  let saidPlan = false;
  const sayPlan = (): void => {
    if (!saidPlan) logger.warn("this slack workspace's plan has no user groups; only people who are listed hold roles");
    saidPlan = true;
  };
  const ourTeam = onceItWorks(async () => Team.parse(await client.auth.test()));
  return {
    members: async (userGroup) =>
      await asked(`the members of user group ${userGroup}`, "usergroups:read", sayPlan, async () => {
        const usergroup = GROUP_ID.test(userGroup) ? userGroup : await findByHandle(client, userGroup);
        return Members.parse(await client.usergroups.users.list({ usergroup })).users;
      }),
    account: async (memberId) =>
      await asked(`the account of ${memberId}`, "users:read", sayPlan, async () => {
        const [answer, team] = await Promise.all([client.users.info({ user: memberId }), ourTeam()]);
        const { user } = Account.parse(answer);
        return { kind: kindOf(user, team), name: nameOf(user) };
      }),
  };
}

const GROUP_ID = /^S[A-Z0-9]{5,}$/u;

const Members = z.object({ users: z.array(z.string()) });
const Groups = z.object({
  usergroups: z.array(z.object({ id: z.string(), handle: z.string(), is_external: z.boolean().optional() })),
});
const Team = z.object({ team_id: z.string(), enterprise_id: z.string().optional() });
const Account = z.object({
  user: z.object({
    team_id: z.string(),
    name: z.string(),
    real_name: z.string().optional(),
    deleted: z.boolean(),
    is_bot: z.boolean(),
    is_stranger: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    enterprise_user: z.object({ enterprise_id: z.string().optional() }).optional(),
  }),
});

/** `is_stranger` is false too for people of another company in a channel that we share: the team tells. */
function kindOf(user: z.infer<typeof Account>["user"], team: z.infer<typeof Team>): SlackAccountKind {
  const sameEnterprise = team.enterprise_id !== undefined && user.enterprise_user?.enterprise_id === team.enterprise_id;
  if (user.is_stranger === true || (user.team_id !== team.team_id && !sameEnterprise)) return "stranger";
  if (user.deleted) return "deactivated";
  if (user.is_bot) return "bot";
  return user.is_restricted === true || user.is_ultra_restricted === true ? "guest" : "member";
}

/** People write their names themselves: nothing in them may move a cursor, and a novel is no name. */
function nameOf({ name, real_name: realName = "" }: z.infer<typeof Account>["user"]): string {
  const shown = realName.trim() === "" ? name : realName;
  return shown.replaceAll(/\p{C}/gu, " ").trim().slice(0, 60).toWellFormed();
}

/** Another company's group in a shared channel may have the same handle. */
async function findByHandle(client: webApi.WebClient, written: string): Promise<string> {
  const handle = written.replace(/^@/u, "");
  const { usergroups } = Groups.parse(await client.usergroups.list());
  const found = usergroups.find((group) => group.handle === handle && group.is_external !== true);
  if (found !== undefined) return found.id;
  throw new FailureError({ reason: "not-found", retryable: false, message: `Slack has no user group @${handle}` });
}

async function asked<T>(what: string, scope: string, sayPlan: () => void, ask: () => Promise<T>): Promise<T> {
  const fail = (reason: FailureReason, why: string, error: unknown): FailureError => {
    const retryable = reason === "rate-limited" || reason === "unreachable";
    return new FailureError({ reason, retryable, message: `cannot read ${what} from Slack: ${why}` }, { cause: error });
  };
  try {
    return await ask();
  } catch (error) {
    if (error instanceof z.ZodError) throw fail("invalid-answer", "the answer has another form", error);
    if (error instanceof FailureError) throw fail(error.reason, error.message, error);
    const failure = sortSlackError(error);
    if (failure.kind === "rate-limited") throw fail("rate-limited", "it was asked too often; ask again later", error);
    if (failure.kind === "uncertain") throw fail("unreachable", failure.error, error);
    if (PLAN_ERRORS.includes(failure.error)) sayPlan();
    const { reason, why } = refusalOf(failure.error, scope);
    throw fail(reason, why, error);
  }
}

/** Documented is the first; workspaces were seen to answer with the others. */
const PLAN_ERRORS: readonly string[] = ["plan_upgrade_required", "paid_teams_only", "paid_only"];
const NOT_THERE: readonly string[] = ["no_such_subteam", "subteam_not_found", "user_not_found", "user_not_visible"];

function refusalOf(error: string, scope: string): { readonly reason: FailureReason; readonly why: string } {
  if (PLAN_ERRORS.includes(error))
    return { reason: "refused", why: "the workspace's plan has no user groups; list people under access.people" };
  if (error === "missing_scope")
    return { reason: "denied", why: `the app lacks the scope ${scope}; add it and install the app again` };
  if (NOT_THERE.includes(error)) return { reason: "not-found", why: `Slack knows no such one (${error})` };
  return { reason: "denied", why: `Slack refuses (${error})` };
}
