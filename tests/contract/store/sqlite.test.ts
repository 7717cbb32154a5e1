import { sqlitePlace } from "./sqlite-place.ts";
import { storeContract } from "./store-contract.ts";

storeContract("the SQLite store", sqlitePlace);
