import { fileURLToPath } from "node:url";

/** The project's own root, where the shipped content stands. */
export const projectRoot = fileURLToPath(new URL("..", import.meta.url));
