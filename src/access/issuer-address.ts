const LOOPBACK = /^(?:localhost|127(?:[.]\d{1,3}){3}|\[::1\])$/u;

/** Says whether nobody on the way can change what an address answers: https, or http that does not leave this machine. */
export function isProtectedAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
