import { buildFaqIndex, type FaqIndex } from "../faq/faq-index.ts";

/** What an index of questions is built from: plain data. */
export type Asked = Parameters<typeof buildFaqIndex>;

/** The index that free text is looked up in; built when it is first asked for. */
export function indexOf(asked: () => Asked): () => FaqIndex {
  let index: FaqIndex | undefined;
  return () => (index ??= buildFaqIndex(...asked()));
}
