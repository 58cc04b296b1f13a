/** Tells whether two addresses are of one server: one may have a slash behind, or its scheme's port. */
export function sameOrigin(left: string, right: string): boolean {
  return originOf(left) === originOf(right);
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
