/** Written by `npm run bench:faq -- --fit`: how sure a search is of what it found, and what is done then. */
export const fitted = {
  weights: {
    base: -3.421,
    odds: 0.638,
    outside: -0.095,
    lead: 0.122,
    coverage: -0.241,
    close: 0.78,
    closeLead: 0.467,
    known: 2.882,
    concepts: 0.067,
  },
  answerFrom: 0.82,
  suggestFrom: 0.25,
} as const;
