/** Jest strips the types itself (since 30.5); no transform, no source maps, positions are exact. */
export default {
  testEnvironment: "node",
  transform: {},
  extensionsToTreatAsEsm: [".ts"],
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.cache/"],
  globalSetup: "<rootDir>/test/support/global-setup.ts",
  testTimeout: 30_000,
  testSequencer: "<rootDir>/test/support/slow-first.js",
  // Jest's ESM mode keeps every module of every file alive (jestjs/jest#14605).
  workerIdleMemoryLimit: "1GB",
};
