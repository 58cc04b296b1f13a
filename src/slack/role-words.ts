import type { Role } from "../access/person.ts";

/** Says (mrkdwn) which role something takes, to somebody who has none. */
export function needsRole(role: Role, verb: string): string {
  return `You need the role ${role} to ${verb}; you have none. Ask whoever keeps sealwatch's configuration to add you; \`/vault whoami\` shows who you are here.`;
}

/** What each role adds to those before it. */
export const MAY: Readonly<Record<Role, string>> = {
  viewer: "see clusters, backups, leases, runs and runbooks, and start dry runs",
  responder:
    "start runs and drills, take them over, answer, confirm, retry, skip and abort, and approve what can be undone",
  approver:
    "approve what disrupts or destroys, but not in a run that you started or are in charge of; decide what a call did when nobody can tell",
  admin: "take a cluster's lock away from a run",
};
