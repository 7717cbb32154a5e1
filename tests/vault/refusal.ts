import { VaultError, type VaultErrorCode } from "../../src/vault/vault-error.ts";

/** The VaultError that `work` throws. Fails the test when it throws something else or nothing. */
export function refused(work: () => unknown): VaultError {
  try {
    work();
  } catch (problem) {
    if (problem instanceof VaultError) return problem;
    throw problem;
  }
  throw new Error("expected a VaultError, but nothing was thrown");
}

/** The code of the VaultError that `work` throws. */
export function refusal(work: () => unknown): VaultErrorCode {
  return refused(work).code;
}
