/** The form of a revocation list's name: what people type, and a file name that leads nowhere else. */
export const REVOCATION_LIST_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/u;

/** How many tokens one call revokes: more than people can look through before they agree; a leak of that size is a role to close or a prefix to revoke. */
export const MOST_REVOKED = 100;
