import { describe } from "vitest";
import { deskContract } from "./desk-contract.ts";
import { forgetContract } from "./forget-contract.ts";
import { outboxContract } from "./outbox-contract.ts";
import { outboxOrderContract } from "./outbox-order-contract.ts";
import { poisonContract } from "./poison-contract.ts";
import { reportContract } from "./report-contract.ts";
import type { StoreEngine } from "./store-engine.ts";
import { turnContract } from "./turn-contract.ts";
import { upkeepContract } from "./upkeep-contract.ts";

/** Everything the store's port promises, through the port alone: each engine has to keep it. */
export function storeContract(name: string, engine: StoreEngine): void {
  describe(name, () => {
    turnContract(engine);
    poisonContract(engine);
    outboxContract(engine);
    outboxOrderContract(engine);
    reportContract(engine);
    forgetContract(engine);
    deskContract(engine);
    upkeepContract(engine);
  });
}
