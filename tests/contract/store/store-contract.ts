import { describe } from "vitest";
import { deskContract } from "./desk-contract.ts";
import { forgetContract } from "./forget-contract.ts";
import { leavingContract } from "./leaving-contract.ts";
import { outboxContract } from "./outbox-contract.ts";
import { outboxOrderContract } from "./outbox-order-contract.ts";
import { poisonContract } from "./poison-contract.ts";
import { reportContract } from "./report-contract.ts";
import type { StoreEngine } from "./store-engine.ts";
import { turnContract } from "./turn-contract.ts";
import { upkeepContract } from "./upkeep-contract.ts";

const contracts = {
  turns: turnContract,
  poison: poisonContract,
  outbox: outboxContract,
  order: outboxOrderContract,
  leaving: leavingContract,
  reports: reportContract,
  forgetting: forgetContract,
  desk: deskContract,
  upkeep: upkeepContract,
};

/** Everything the store's port promises, through the port alone: each engine has to keep it. */
export function storeContract(name: string, engine: StoreEngine): void {
  describe(name, () => {
    // Each in a group of its own, lest the places that one prepares are prepared for every test of all.
    for (const [part, contract] of Object.entries(contracts)) describe(part, () => contract(engine));
  });
}
