/** Names the policy of the tokens that are minted for an action: `sealwatch-` and `vault.step-down` make `sealwatch-vault-step-down`. */
export function mintedPolicyName(prefix: string, action: string): string {
  return `${prefix}${action.replaceAll(".", "-")}`;
}
