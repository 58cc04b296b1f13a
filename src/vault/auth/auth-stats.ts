/** AuthStats counts what logging in took since the program started. */
export type AuthStats = {
  /** Tokens that were issued to us. */
  readonly logins: number;
  readonly loginFailures: number;
  readonly renewals: number;
  readonly renewalFailures: number;
};
