import { describe, expect, it } from "@jest/globals";
import { isProtectedAddress } from "../../src/access/issuer-address.ts";

describe("isProtectedAddress", () => {
  it.each([
    { address: "https://issuer.example/realms/vault", is: true },
    { address: "http://127.0.0.1:5556/dex", is: true },
    { address: "http://127.9.9.9", is: true },
    { address: "http://localhost:5556", is: true },
    { address: "http://[::1]:5556", is: true },
    { address: "http://issuer.example", is: false },
    { address: "http://127.0.0.1.issuer.example", is: false },
    { address: "http://localhost.issuer.example", is: false },
    { address: "http://127.0.0.1@issuer.example", is: false },
    { address: "http://[::2]:5556", is: false },
    { address: "ftp://127.0.0.1", is: false },
    { address: "file:///etc/keys", is: false },
    { address: "issuer.example", is: false },
    { address: "", is: false },
  ])("is $is of $address", ({ address, is }) => {
    expect(isProtectedAddress(address)).toBe(is);
  });
});
