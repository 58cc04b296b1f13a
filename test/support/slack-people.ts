/** Slack's ids of the people of our tests; mallory is nobody's. */
export const PEOPLE = {
  alice: "U0ALICE",
  bob: "U0BOB",
  carol: "U0CAROL",
  dave: "U0DAVE",
  erin: "U0ERIN",
  mallory: "U0MALLORY",
} as const;
export type PersonName = keyof typeof PEOPLE;

/** As the stand-in's workspace has them. */
export const USERS = Object.entries(PEOPLE).map(([name, id]) => ({ id, name }));

/** `access.people` of a configuration: alice starts, bob and carol approve, dave looks, erin answers for what alice began. */
export const ACCESS = [
  { name: "alice", role: "responder", slack: PEOPLE.alice },
  { name: "bob", role: "approver", slack: PEOPLE.bob },
  { name: "carol", role: "approver", slack: PEOPLE.carol },
  { name: "dave", role: "viewer", slack: PEOPLE.dave },
  { name: "erin", role: "responder", slack: PEOPLE.erin },
] as const;
