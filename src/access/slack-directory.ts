/** What kind of account a member id stands for. Only a `member` is one of us with all rights. */
export type SlackAccountKind =
  | "member"
  /** Invited to some channels only. */
  | "guest"
  | "deactivated"
  | "bot"
  /** Of another workspace or organisation, here through Slack Connect. */
  | "stranger";

/** An account as Slack describes it. Its name is what its owner wrote, which may be another's: it never stands for anybody alone. */
export type SlackAccount = { readonly kind: SlackAccountKind; readonly name: string };

/** SlackDirectory reads from Slack who belongs where. Both calls throw `FailureError`; neither keeps anything. */
export type SlackDirectory = {
  /** Reads the member ids of a user group, by its id or handle (`usergroups.users.list`). */
  readonly members: (userGroup: string) => Promise<readonly string[]>;
  /** Reads what account a member id stands for (`users.info`). */
  readonly account: (memberId: string) => Promise<SlackAccount>;
};
