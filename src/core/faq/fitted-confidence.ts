/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -3.358,
    odds: 0.566,
    outside: -0.106,
    lead: 0.198,
    coverage: -0.143,
    close: 0.762,
    closeLead: 0.65,
    known: 2.516,
    concepts: 0.072,
  },
  answerFrom: 0.89,
  suggestFrom: 0.24,
} as const;
