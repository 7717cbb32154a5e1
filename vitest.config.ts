import { defineConfig } from "vitest/config";

/** Where a machine-readable copy of the result goes, for whoever counts the tests afterwards. */
const report = process.env["TEST_REPORT"];

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Forks, not threads: tests that kill a server, hold a database lock or start a browser get a process of their own.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
